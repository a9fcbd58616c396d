"""From a name that a person gives to a file on this machine: a path, an address, or stdin."""

from __future__ import annotations

import io
import re
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from definitions import model
from definitions.address import check_url
from definitions.errors import RequestError
from importmgr.services.reading import url_settings
from importmgr.settings import Settings
from importmgr.world import World
from sources.base import Source
from sources.registry import SOURCES, load
from sources.spool import Spool, writing

STDIN = "-"
_SCHEMES = ("http://", "https://")
_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PIECE = 1 << 20
_NOTHING = b"\xef\xbb\xbf\xff\xfe\r\n\0"  # what an empty file may be made of
_MOST_OF_NOTHING = 4096  # bytes
_LOOK_SECONDS = 0.5
_SPOOLED = "inspected"  # the one run in a spool of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file on this machine; `name` may be shown to people."""

    name: str
    path: Path
    size: int

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing in it, or but a byte order mark and ends of lines."""
        return self.size <= _MOST_OF_NOTHING and not self.path.read_bytes().strip(_NOTHING)


class LocalFiles:
    """Brings what is named to this machine for as long as somebody looks at it.

    What is fetched, and what can be read only once, lies in a temporary folder meanwhile.
    """

    def __init__(self, settings: Settings, world: World, stdin: io.BufferedIOBase) -> None:
        self._settings, self._world, self._stdin = settings, world, stdin

    @contextmanager
    def open(self, where: str) -> Iterator[LocalFile]:
        """Give the file that `where` names: a path, an http(s) address or `-` for stdin.

        Raise `RequestError` for what cannot be read, and what a source raises.
        """
        if is_address(where):
            with self._spool() as spool:
                yield self._fetched(where, spool)
            return
        if _ANY_SCHEME.match(where) and not Path(where).exists():
            msg = "an address must begin with http:// or https://; copy the file here first"
            raise RequestError(msg)
        if where != STDIN and _is_plain(Path(where)):
            path = Path(where)
            yield LocalFile(name=shown_name(where), path=path, size=path.stat().st_size)
            return
        with self._spool() as spool:
            yield self._copied(where, spool)

    @contextmanager
    def _spool(self) -> Iterator[Spool]:
        with TemporaryDirectory(prefix="importmgr-") as folder:
            yield Spool(Path(folder), minimum_free=self._settings.minimum_free_bytes)

    def _fetched(self, url: str, spool: Spool) -> LocalFile:
        problem = check_url(url)
        if problem:
            msg = f"the address {problem}"
            raise RequestError(msg)
        settings = replace(url_settings(self._settings, self._world), room=spool)
        wanted = model.UrlSource(url=url, use_proxy=False, auth=None)
        source: Source = load(SOURCES["url"])(wanted, project_id=0, settings=settings)
        (remote,) = source.list()
        spooled = source.fetch(remote, spool.place(_SPOOLED, 0))
        return LocalFile(name=shown_name(url), path=spooled.path, size=spooled.size)

    def _copied(self, where: str, spool: Spool) -> LocalFile:
        """Copy a stream, which can be read only once, to a file."""
        place = spool.place(_SPOOLED, 0)
        stream = self._stdin if where == STDIN else Path(where).open("rb")  # noqa: SIM115 - below
        try:
            with writing(), place.open("wb") as copy:
                for data in _pieces(stream):
                    spool.check_room(len(data))
                    copy.write(data)
        finally:
            if where != STDIN:
                stream.close()
        return LocalFile(name=shown_name(where), path=place, size=place.stat().st_size)


def _pieces(stream: io.BufferedIOBase) -> Iterator[bytes]:
    """Yield what a stream brings, and heed Ctrl-C whenever it comes.

    Python looks for it before and after it waits. What comes in the instant between looking and
    waiting would be seen when more is brought, or never: so none waits long.
    """
    try:
        number = stream.fileno()
    except io.UnsupportedOperation:  # it is in memory
        number = None
    while True:
        while number is not None and not select.select([number], [], [], _LOOK_SECONDS)[0]:
            pass
        data = stream.read1(_PIECE)
        if not data:
            return
        yield data


def is_address(where: str) -> bool:
    """Tell whether a name is a web address and not a path."""
    return where.lower().startswith(_SCHEMES)


def shown_name(where: str) -> str:
    """Return a name as it may be shown: of an address neither login nor query, which hold secrets.

    What cannot be taken apart is no address and shows nothing.
    """
    if where == STDIN:
        return "stdin"
    if _ANY_SCHEME.match(where):
        scheme, host, path = _parts(where)
        where = f"{scheme}://{host}{path}"
    return where.encode(errors="surrogateescape").decode(errors="replace")  # paths may be no text


def file_name(where: str) -> str:
    """Return what a file made from the one that `where` names is called: the same, without path."""
    if where == STDIN:
        return "stdin"
    if not is_address(where):
        return Path(where).name
    _, host, path = _parts(where)
    last = unquote(path.rstrip("/").rpartition("/")[2])
    return host if last in {"", ".", ".."} or set(last) & set("/\0") else last


def _is_plain(path: Path) -> bool:
    """Tell whether a path is a file that can be read more than once; raise if it is no file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            path.open("rb").close()
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise RequestError(reason.lower()) from exc
    if stat.S_ISDIR(mode):
        msg = "is a folder; name the files in it"
        raise RequestError(msg)
    return stat.S_ISREG(mode)


def _parts(url: str) -> tuple[str, str, str]:
    """Return scheme, host and path of an address; of one that is none, just the scheme.

    What has no number for its port has a login with a `/`, of which no part is the host.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return url.partition("://")[0].lower(), "…", ""
    return parts.scheme, parts.netloc.rpartition("@")[2], parts.path
