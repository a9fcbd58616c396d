"""The files in a bucket, and what is wrong with it.

The library's texts can hold signed addresses and are never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import obstore
import requests
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import ObjectStore

from definitions.errors import ImportmgrError, SourceRefusedError, SourceUnreachableError
from definitions.troubles import Trouble
from sources.base import RemoteFile
from sources.guard import guarded_session
from sources.storages.blocked import already_there
from sources.storages.gate import Gate
from sources.storages.level import Level
from sources.storages.terms import StorageTerms

NAMES_AT_ONCE = 1_000
# What the library's texts hold, in lower case, and what it means; the first one that is there.
SIGNS: tuple[tuple[str, Trouble], ...] = (
    ("nosuchbucket", Trouble.MISSING),
    ("containernotfound", Trouble.MISSING),
    ("bucket does not exist", Trouble.MISSING),
    ("invalidaccesskeyid", Trouble.LOGIN),
    ("signaturedoesnotmatch", Trouble.LOGIN),
    ("authenticationfailed", Trouble.LOGIN),
    ("accessdenied", Trouble.DENIED),
    ("403 forbidden", Trouble.DENIED),
    ("dns error", Trouble.RESOLUTION),
    ("lookup address", Trouble.RESOLUTION),
    ("connection refused", Trouble.REFUSED),
    ("timed out", Trouble.TIMEOUT),
)
PANIC = "PanicException"  # of the library, at an address that it cannot build; no `Exception`
REMEDIES: dict[Trouble, str] = {
    Trouble.MISSING: "there is no such bucket or container; correct its name",
    Trouble.LOGIN: "the login is refused; correct it in the integration",
    Trouble.DENIED: "the login may not do that; let it list and read",
    Trouble.PATH: "there is no such file; correct the path",
}
MAY_PASS: dict[Trouble, str] = {
    Trouble.RESOLUTION: "the host name cannot be resolved; correct the endpoint",
    Trouble.REFUSED: "the service refuses connections; correct the endpoint",
    Trouble.TIMEOUT: "the service keeps silent",
    Trouble.OTHER: "the service fails",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Which folder of a bucket is meant, where its service is, and whether requests are signed.

    It `skips` if its lists are in order and can begin behind a name.
    """

    bucket: str
    folder: str
    address: str
    signed: bool
    skips: bool


class BucketSession:
    """The objects of a bucket below a folder."""

    def __init__(
        self, store: ObjectStore, gate: Gate, reached: Reached, terms: StorageTerms
    ) -> None:
        self._store, self._gate, self._terms = store, gate, terms
        self._bucket, self._address = reached.bucket, reached.address
        self._root, self._signed = reached.folder.strip("/"), reached.signed
        self._skips = reached.skips

    def list(self, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        """Yield the objects below `folder`; one that is not there has none."""
        level = Level(prefix=self._at(folder), depth=depth)
        where = f"{self._bucket}/{folder}" if folder else self._bucket
        with translated(where, self._gate, Trouble.MISSING):
            for page in self._pages(level):
                yield from (self._described(found) for found in page if level.holds(found["path"]))

    def stat(self, path: str) -> RemoteFile | None:
        """Return one object as it is now, or None if there is none."""
        with translated(path, self._gate):
            try:
                return self._described(obstore.head(self._store, self._at(path)))
            except FileNotFoundError:
                return None

    def open(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of an object from `offset` on."""
        with translated(path, self._gate):
            size = obstore.head(self._store, self._at(path))["size"]
            if offset >= size:  # a range of nothing is an error
                return
            options: Any = {"range": {"offset": offset}}
            found = obstore.get(self._store, self._at(path), options=options)
            for piece in found.stream(min_chunk_size=self._terms.chunk_size):
                yield bytes(piece)

    def put(self, path: str, content: bytes) -> None:
        """Write a small new object."""
        self._check_login(path)
        with _changing(path, self._gate):
            if self.stat(path) is not None:  # which not every service looks at by itself
                raise already_there(path)
            obstore.put(self._store, self._at(path), content, use_multipart=False)

    def move(self, path: str, target: str) -> bool:
        """Copy an object to a path that is free, then delete it."""
        self._check_login(path)
        with _changing(path, self._gate):
            if self.stat(target) is not None:  # which not every service looks at by itself
                return False
            try:
                obstore.copy(self._store, self._at(path), self._at(target), overwrite=False)
            except AlreadyExistsError:
                return False
            obstore.delete(self._store, self._at(path))
        return True

    def remove(self, path: str) -> None:
        """Delete an object; nothing happens if there is none."""
        self._check_login(path)
        with _changing(path, self._gate), suppress(FileNotFoundError):
            obstore.delete(self._store, self._at(path))

    def now(self) -> datetime | None:
        """Return the time in the head of any answer of the service."""
        session = guarded_session(self._terms.policy, None)
        wait = (self._terms.connect_timeout, self._terms.read_timeout)
        try:
            with session, session.head(self._address, timeout=wait) as answer:
                moment = parsedate_to_datetime(answer.headers["Date"])
        except (requests.RequestException, ImportmgrError, KeyError, ValueError):
            return None
        return moment.astimezone(UTC)

    ask_now = now

    def close(self) -> None:
        """End every connection, and with it what another thread waits for."""
        self._gate.close()

    def _pages(self, level: Level) -> Iterator[Sequence[Any]]:
        """Yield the objects below a prefix; where a page ends too deep, go on behind that folder.

        A service that does not heed where it should begin is read through.
        """
        offset, heeds = "", self._skips
        while True:
            behind = ""
            names: dict[str, Any] = {"chunk_size": NAMES_AT_ONCE, "offset": offset or None}
            for page in obstore.list(self._store, level.prefix or None, **names):
                fresh = [found for found in page if found["path"] > offset]
                heeds = heeds and len(fresh) == len(page) == NAMES_AT_ONCE
                yield fresh
                behind = level.behind([found["path"] for found in fresh]) if heeds else ""
                if behind > offset:
                    break
            if behind <= offset:
                return
            offset = behind

    def _check_login(self, path: str) -> None:
        """Raise without a login: the library would then delete as the machine that it runs on."""
        if not self._signed:
            msg = (
                f"{path!r}: only a login may write, move or remove it; give one to the integration"
            )
            raise SourceRefusedError(msg, trouble=Trouble.DENIED)

    def _at(self, path: str) -> str:
        return "/".join(part for part in (self._root, path) if part)

    def _described(self, found: Any) -> RemoteFile:  # noqa: ANN401 - the library's type is not importable
        path = found["path"].removeprefix(self._root).lstrip("/") if self._root else found["path"]
        return RemoteFile(
            path=path,
            size=found["size"],
            modified_at=found["last_modified"].astimezone(UTC),
            etag=_quoted(found["e_tag"]),
        )


def _quoted(etag: str | None) -> str | None:
    """Return an entity tag as HTTP writes it; Azure's lists leave the quotes out."""
    return etag if etag is None or etag.endswith('"') else f'"{etag}"'


@contextmanager
def translated(path: str, gate: Gate, not_found: Trouble = Trouble.PATH) -> Iterator[None]:
    """Turn what the library says into our errors, without its texts; the gate may know better."""
    gate.take_refusal()
    try:
        yield
    except (BaseError, FileNotFoundError, PermissionError, OSError, ValueError) as exc:
        refused = gate.take_refusal()
        if refused is not None:
            raise refused from None
        raise _error(path or "the bucket", _trouble(exc, not_found)) from None
    except BaseException as exc:
        if type(exc).__name__ != PANIC:
            raise
        msg = f"{path or 'the bucket'!r} cannot be asked for; correct the bucket's name or the path"
        raise SourceRefusedError(msg, trouble=Trouble.PATH) from None


@contextmanager
def _changing(path: str, gate: Gate) -> Iterator[None]:
    """Turn what the library says into our errors where something is changed."""
    try:
        with translated(path, gate):
            yield
    except SourceRefusedError as exc:
        if exc.trouble is not Trouble.DENIED:
            raise
        msg = f"{path!r}: the login may not write, move or remove it; let it write and delete"
        raise SourceRefusedError(msg, trouble=Trouble.DENIED) from None


def _trouble(error: Exception, not_found: Trouble) -> Trouble:
    text = str(error).lower()
    for sign, trouble in SIGNS:
        if sign in text:
            return trouble
    if isinstance(error, FileNotFoundError):
        return not_found
    if isinstance(error, UnauthenticatedError):
        return Trouble.LOGIN
    if isinstance(error, PermissionDeniedError | PermissionError):
        return Trouble.DENIED
    return Trouble.OTHER


def _error(path: str, trouble: Trouble) -> SourceRefusedError | SourceUnreachableError:
    if trouble in REMEDIES:
        return SourceRefusedError(f"{path!r}: {REMEDIES[trouble]}", trouble=trouble)
    return SourceUnreachableError(f"{path!r}: {MAY_PASS[trouble]}", trouble=trouble)
