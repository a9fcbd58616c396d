"""A way out: to allowed hosts only, and closed when told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from definitions.troubles import Trouble
from sources.guard import AddressPolicy
from sources.storages.gate import Gate
from tests.api_server import ApiServer
from tests.storages import terms

SECONDS = 10


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that answers one connection with what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(1000):
                    connection.sendall(data)

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1]


def ask(gate: Gate, head: str) -> socket.socket:
    """Return a connection to the gate over which a request was sent."""
    address = urlsplit(gate.address)
    connection = socket.create_connection((address.hostname, address.port), SECONDS)
    connection.sendall(head.encode())
    return connection


def all_of(connection: socket.socket) -> bytes:
    with connection:
        return b"".join(iter(lambda: connection.recv(1000), b""))


def test_a_tunnel_passes_bytes_both_ways_until_the_gate_is_closed(echo: int) -> None:
    gate = Gate(terms())
    with closing(gate), ask(gate, f"CONNECT 127.0.0.1:{echo} HTTP/1.1\r\n\r\n") as tunnel:
        opened = tunnel.recv(1000)
        tunnel.sendall(b"\0sealed\xff")
        answer = tunnel.recv(1000)
        gate.close()
        rest = tunnel.recv(1000)

    assert opened.startswith(b"HTTP/1.1 200")
    assert (answer, rest) == (b"\0sealed\xff", b"")


def test_a_plain_request_arrives_as_if_there_were_no_gate(api_server: ApiServer) -> None:
    api_server.answer("fine")
    with closing(Gate(terms())) as gate:
        answer = all_of(ask(gate, f"GET {api_server.url}/a%20b?c=d%2F HTTP/1.1\r\nHost: x\r\n\r\n"))

    assert answer.endswith(b"fine")
    assert [seen.path for seen in api_server.seen] == ["/a%20b?c=d%2F"]


@pytest.mark.parametrize(
    ("target", "status", "trouble"),
    [
        ("169.254.169.254:80", b"403", Trouble.NOT_ALLOWED),
        ("127.0.0.1:80", b"403", Trouble.NOT_ALLOWED),
        ("no-such-host.invalid:443", b"502", Trouble.RESOLUTION),
    ],
)
def test_what_is_not_allowed_is_refused_with_the_reason(
    target: str, status: bytes, trouble: Trouble
) -> None:
    with closing(Gate(terms(policy=AddressPolicy()))) as gate:
        answer = all_of(ask(gate, f"CONNECT {target} HTTP/1.1\r\n\r\n"))
        refused = gate.take_refusal()

        assert answer.split()[1] == status
        assert refused is not None
        assert refused.trouble is trouble
        assert gate.take_refusal() is None


@pytest.mark.parametrize(
    "head", ["nonsense\r\n\r\n", "GET ftp://x/ HTTP/1.1\r\n\r\n", "\xff x\r\n\r\n"]
)
def test_what_is_no_request_is_hung_up_on(head: str) -> None:
    with closing(Gate(terms())) as gate:
        assert all_of(ask(gate, head)) == b""
