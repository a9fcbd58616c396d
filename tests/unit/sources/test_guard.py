"""X4: a source may not lead into the network that the service stands in."""

from __future__ import annotations

import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from definitions.errors import SourceRefusedError
from sources.guard import AddressPolicy, guarded_session, origin_of
from tests.file_server import FileServer
from tests.socks_server import SocksServer

PUBLIC = AddressPolicy(networks=(ipaddress.ip_network("127.0.0.2/32"),))
NOWHERE = AddressPolicy()


@pytest.fixture
def public() -> Iterator[FileServer]:
    """A server at the one loopback address that `PUBLIC` allows."""
    with FileServer("127.0.0.2") as server:
        server.put("/a.csv", b"id\n1\n")
        yield server


@pytest.fixture
def secret(file_server: FileServer) -> FileServer:
    """A server at an address that nobody may reach."""
    file_server.put("/secret", b"secret")
    return file_server


def status(url: str, policy: AddressPolicy = PUBLIC) -> int:
    with guarded_session(policy, None) as session:
        return session.get(url, timeout=3).status_code


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:7f00:1",
        "::ffff:0:a9fe:a9fe",
        "168.63.129.16",
        "fe80::1%eth0",
        "fd00::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "ff02::1",
    ],
)
def test_no_address_of_an_inner_network_is_allowed(address: str) -> None:
    assert not NOWHERE.allows(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert NOWHERE.allows(address)


def test_private_networks_are_opened_by_one_switch_but_not_what_holds_credentials() -> None:
    policy = AddressPolicy(allow_private=True)
    for address in ("127.0.0.1", "::1", "10.0.0.1", "172.31.0.1", "192.168.0.1", "fd00::1"):
        assert policy.allows(address)
    for address in ("169.254.169.254", "fe80::1", "100.64.0.1", "0.0.0.0", "224.0.0.1"):
        assert not policy.allows(address)
    for address in ("fd00:ec2::254", "fd20:ce::254", "::ffff:0:7f00:1"):
        assert not policy.allows(address)


def test_a_named_network_is_opened_whatever_it_is() -> None:
    networks = ("169.254.169.254/32", "fd00:ec2::254/128")
    policy = AddressPolicy(networks=tuple(ipaddress.ip_network(text) for text in networks))
    assert policy.allows("169.254.169.254")
    assert policy.allows("fd00:ec2::254")
    assert not policy.allows("169.254.169.253")


def test_an_allowed_host_is_reached(public: FileServer) -> None:
    assert status(public.url("/a.csv")) == 200


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]", "localhost"]
)
def test_no_spelling_of_a_forbidden_address_is_reached(host: str, secret: FileServer) -> None:
    with pytest.raises(SourceRefusedError, match="has an address that sources may not use"):
        status(f"http://{host}:{secret.port}/secret")
    assert secret.seen == []


def test_a_redirect_to_a_forbidden_address_is_not_followed(
    public: FileServer, secret: FileServer
) -> None:
    public.redirect("/go", secret.url("/secret"))
    with pytest.raises(SourceRefusedError, match="IMPORTMGR_ALLOWED_SOURCE_NETWORKS"):
        status(public.url("/go"))
    assert secret.seen == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.2/a", "gopher://x/"])
def test_a_redirect_to_another_scheme_is_not_followed(target: str, public: FileServer) -> None:
    public.redirect("/go", target)
    with pytest.raises(SourceRefusedError, match="only http and https work"):
        status(public.url("/go"))


@pytest.mark.parametrize("target", ["http://[bad/", "http://127.0.0.2:99999/"])
def test_a_redirect_to_no_address_is_refused(target: str, public: FileServer) -> None:
    public.redirect("/go", target)
    with pytest.raises(SourceRefusedError, match="something that is no address"):
        status(public.url("/go"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.2/a"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(SourceRefusedError, match="only http and https work"):
        status(url)


def test_five_redirects_are_followed_and_six_are_not(public: FileServer) -> None:
    for number in range(1, 7):
        public.redirect(f"/{number}", f"/{number - 1}" if number > 1 else "/a.csv")
    assert status(public.url("/5")) == 200
    with pytest.raises(SourceRefusedError, match="more than 5 times"):
        status(public.url("/6"))


class _RedirectWithEndlessBody(http.server.BaseHTTPRequestHandler):
    """Redirects to the address in the query and announces a body that never comes."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path.partition("?")[2])
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.rfile.read(1)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_body_of_a_redirect_is_not_waited_for(public: FileServer) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.2", 0), _RedirectWithEndlessBody)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        url = f"http://127.0.0.2:{server.server_address[1]}/?{public.url('/a.csv')}"
        assert status(url) == 200
    finally:
        server.shutdown()
        server.server_close()


def test_a_login_goes_along_to_the_same_origin_only(public: FileServer) -> None:
    with FileServer("127.0.0.2") as other:
        other.put("/b.csv", b"x")
        public.redirect("/here", "/a.csv")
        public.redirect("/there", other.url("/b.csv"))
        with guarded_session(PUBLIC, None) as session:
            session.get(public.url("/here"), auth=("u", "p"), timeout=3)
            session.get(public.url("/there"), auth=("u", "p"), timeout=3)
        assert [seen.headers.get("Authorization") is not None for seen in public.seen] == [True] * 3
        assert other.seen[0].headers.get("Authorization") is None


def test_the_environment_is_not_asked(
    public: FileServer, secret: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", secret.url(""))
    assert status(public.url("/a.csv")) == 200
    assert secret.seen == []


class Names:
    """A resolver that gives each name of a table its next answer, the last one for ever."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self.answers = answers
        self.asked = 0
        self._real = socket.getaddrinfo

    def __call__(self, host: str, port: int, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        if host not in self.answers:
            return self._real(host, port, *args, **options)
        self.asked += 1
        turns = self.answers[host]
        turn = turns.pop(0) if len(turns) > 1 else turns[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in turn]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The resolver: the one thing here that cannot be real."""
    resolver = Names({})
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


def test_a_name_is_resolved_once_for_the_check_and_the_connection(
    names: Names, public: FileServer, secret: FileServer
) -> None:
    names.answers["rebind.example"] = [["127.0.0.2"], ["127.0.0.1"]]
    assert status(public.url("/a.csv", "rebind.example")) == 200
    assert names.asked == 1
    with pytest.raises(SourceRefusedError, match=r"the host 'rebind\.example' has an address"):
        status(secret.url("/secret", "rebind.example"))
    assert secret.seen == []


def test_one_forbidden_address_of_a_host_forbids_the_host(names: Names, public: FileServer) -> None:
    names.answers["mixed.example"] = [["127.0.0.2", "127.0.0.1"]]
    with pytest.raises(SourceRefusedError):
        status(public.url("/a.csv", "mixed.example"))
    assert public.seen == []


def test_the_next_address_is_tried_when_one_does_not_answer(
    names: Names, public: FileServer
) -> None:
    names.answers["two.example"] = [["127.0.0.3", "127.0.0.2"]]
    policy = AddressPolicy(networks=(ipaddress.ip_network("127.0.0.0/8"),))
    assert status(public.url("/a.csv", "two.example"), policy) == 200


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[FileServer]:
    """A server at the allowed address, with a certificate for files.example alone."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("files.example").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with FileServer("127.0.0.2", context) as server:
        server.put("/a.csv", b"id\n1\n")
        yield server


def secure_session(tmp_path: Path) -> requests.Session:
    session = guarded_session(PUBLIC, None)
    session.verify = str(tmp_path / "ca.pem")
    return session


def test_tls_is_checked_against_the_name_and_not_the_address(
    names: Names, secure: FileServer, tmp_path: Path
) -> None:
    names.answers |= {"files.example": [["127.0.0.2"]], "other.example": [["127.0.0.2"]]}
    with secure_session(tmp_path) as session:
        assert session.get(secure.url("/a.csv", "files.example"), timeout=3).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            session.get(secure.url("/a.csv", "other.example"), timeout=3)
        with pytest.raises(requests.exceptions.SSLError):
            session.get(secure.url("/a.csv"), timeout=3)


def test_https_is_not_left_for_http(
    names: Names, secure: FileServer, public: FileServer, tmp_path: Path
) -> None:
    names.answers["files.example"] = [["127.0.0.2"]]
    secure.redirect("/go", public.url("/a.csv"))
    with (
        secure_session(tmp_path) as session,
        pytest.raises(SourceRefusedError, match="from https to http"),
    ):
        session.get(secure.url("/go", "files.example"), timeout=3)
    assert public.seen == []


def test_through_a_proxy_the_proxy_resolves(secret: FileServer) -> None:
    with SocksServer({"files.example": "127.0.0.1"}) as proxy:
        with guarded_session(NOWHERE, proxy.url) as session:
            answer = session.get(secret.url("/secret", "files.example"), timeout=3)
        assert answer.content == b"secret"
        assert proxy.asked == ["files.example"]


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]"])
def test_a_forbidden_address_is_refused_before_the_proxy(host: str, secret: FileServer) -> None:
    with SocksServer({}) as proxy:
        with guarded_session(NOWHERE, proxy.url) as session, pytest.raises(SourceRefusedError):
            session.get(secret.url("/secret", host), timeout=3)
        assert proxy.asked == []


def test_a_host_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises((SourceRefusedError, requests.exceptions.InvalidURL)):
        status(f"http://{'x' * 70}.example/")


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("HTTP://Example.com/a?b") == ("http", "example.com", 80)
    assert origin_of("https://example.com:443/") == origin_of("https://u:p@EXAMPLE.com/x")
    assert origin_of("https://example.com:444/") != origin_of("https://example.com/")
