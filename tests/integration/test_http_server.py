"""What happens before a request reaches the application."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.service import Service

IDLE_CLIENTS = 150  # more than the server would take by itself


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("service")
    with Service(folder / "var") as service:
        yield service


def connect(service: Service) -> socket.socket:
    """Open a connection and say nothing."""
    address = urlsplit(service.url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def raw(service: Service, request: bytes) -> tuple[bytes, bytes]:
    """Send bytes and return the head and the body of the answer."""
    with connect(service) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: odd\r\n\r\n", b"501"),
        (b"POST /imports/v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n", b"413"),
    ],
)
def test_what_is_refused_before_the_application_is_answered_in_json(
    service: Service, request_bytes: bytes, status: bytes
) -> None:
    head, body = raw(service, request_bytes)

    assert head.split()[1] == status
    assert b"Content-Type: application/json" in head
    answer = json.loads(body)
    assert answer["success"] is False
    assert isinstance(answer["error"], str)


def test_many_idle_clients_lock_nobody_out(service: Service) -> None:
    with ExitStack() as idle:
        for _ in range(IDLE_CLIENTS):
            idle.enter_context(connect(service))

        assert requests.get(f"{service.url}/healthz", timeout=10).status_code == 200
