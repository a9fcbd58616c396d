"""Where notices arrive in tests: for each channel a real server, and what it was handed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from aiosmtpd.controller import Controller

from importmgr.setting_values import SmtpTls
from tests.api_server import ApiServer, serving


class Site(Protocol):
    """A server that takes what one channel sends; `refuse` and `accept` say what it does next."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the settings of the service by which its operator names the server."""

    @property
    def members(self) -> Mapping[str, Any]:
        """Return the members of a document that lead to the server."""

    def refuse(self) -> None:
        """Refuse what comes from now on."""

    def accept(self) -> None:
        """Take what comes from now on."""

    def arrived(self) -> int:
        """Return how many times something came, refused or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSite:
    """Takes requests; the member called `address` says where."""

    server: ApiServer
    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def members(self) -> Mapping[str, Any]:
        """Return where it is."""
        return {self.address: self.server.url}

    def refuse(self) -> None:
        """Answer with an error."""
        self.server.replies.clear()
        self.server.answer("no", 503)

    def accept(self) -> None:
        """Answer with success."""
        self.server.replies.clear()
        self.server.answer("yes")

    def arrived(self) -> int:
        """Return how many requests came."""
        return len(self.server.seen)


@dataclass(slots=True, kw_only=True)
class MailSite:
    """Takes mail over a connection that is not encrypted."""

    settings: Mapping[str, Any]
    members: Mapping[str, Any] = field(default_factory=lambda: {"recipients": ["a@example.test"]})
    refusing: bool = False
    count: int = 0

    def refuse(self) -> None:
        """Refuse every mail."""
        self.refusing = True

    def accept(self) -> None:
        """Take every mail."""
        self.refusing = False

    def arrived(self) -> int:
        """Return how many mails came."""
        return self.count

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - the library's
        """Count a mail."""
        self.count += 1
        return "451 no" if self.refusing else "250 OK"


@contextmanager
def _http(address: str) -> Iterator[HttpSite]:
    with serving() as server:
        yield HttpSite(server=server, address=address)


@contextmanager
def _mail() -> Iterator[MailSite]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    site = MailSite(
        settings={
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_tls": SmtpTls.NONE,
            "smtp_from": "importmgr@example.test",
        }
    )
    controller = Controller(site, hostname="127.0.0.1", port=port)
    controller.start()
    yield site
    controller.stop()


SITES: Mapping[str, Callable[[], AbstractContextManager[Site]]] = MappingProxyType(
    {
        "webhook": lambda: _http("url"),
        "email": _mail,
        "pager": lambda: _http("gateway"),
    }
)
