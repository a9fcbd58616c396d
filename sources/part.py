"""A file on its way into the spool, which survives a broken connection and a killed process.

```
<place>                 the whole file, and in <place>.json what is known about it
<place>.part            its beginning, and in <place>.part.json of which content
```

A part is continued only with the very content it began with; the source has to prove that. It is
locked while it is open: one that was thought dead and wakes up does not write between our bytes.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from definitions.errors import SpoolBusyError, TemporaryError
from sources.base import RemoteFile, SpooledFile
from sources.spool import writing

READ_SIZE = 1 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
OF_PART = frozenset({"etag", "modified", "size"})
OF_WHOLE = frozenset({"size", "sha256", "remote_size", "etag", "modified_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a source says about the content it sends, in its own words."""

    etag: str | None
    modified: str | None
    size: int | None

    @property
    def validator(self) -> str | None:
        """Return what proves that content is still the same, or None if nothing does."""
        weak = self.etag is None or self.etag.startswith("W/")
        return self.modified if weak else self.etag


NOTHING = Identity(etag=None, modified=None, size=None)


class Part:
    """The beginning of the file that will lie at `into`, with what an earlier try left of it.

    Opening it raises `SpoolBusyError` while another one holds it. `heartbeat` is called while what
    is there is read; what it raises ends that.
    """

    def __init__(self, into: Path, heartbeat: Callable[[], None] = lambda: None) -> None:
        self._into = into
        self._path = into.with_name(f"{into.name}.part")
        self._notes = into.with_name(f"{into.name}.part.json")
        self._hash = hashlib.sha256()
        self.identity, self.size = NOTHING, 0
        with writing():
            self._file = self._path.open("ab", buffering=0)
        try:
            with writing():
                self._lock()
            self._take_over(heartbeat)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    @property
    def path(self) -> Path:
        """Return where the bytes that are here lie."""
        return self._path

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that the source announced is here."""
        return self.size == self.identity.size

    def restart(self, identity: Identity) -> None:
        """Forget the bytes that are here; those that follow are content of `identity`."""
        with writing():
            self._file.truncate(0)
            self._notes.write_text(json.dumps(asdict(identity)))
        self._forget(identity)

    def write(self, data: bytes) -> None:
        """Add the next bytes."""
        rest = memoryview(data)
        with writing(), self._leaving_room():
            while rest:
                rest = rest[self._file.write(rest) :]
        self._hash.update(data)
        self.size += len(data)

    def finish(self, remote: RemoteFile) -> SpooledFile:
        """Turn the part into the whole file and return it.

        Raise `TemporaryError` and begin afresh if somebody else changed the part.
        """
        self._check_size()
        whole = SpooledFile(
            remote=remote, path=self._into, size=self.size, sha256=self._hash.hexdigest()
        )
        with writing():
            os.fsync(self._file.fileno())
            _note_whole(whole)
            self._path.replace(self._into)
            self._notes.unlink(missing_ok=True)
        return whole

    def _forget(self, identity: Identity = NOTHING) -> None:
        self._hash = hashlib.sha256()
        self.identity, self.size = identity, 0

    @contextmanager
    def _leaving_room(self) -> Iterator[None]:
        """Give all bytes back when the disk is full: the database may lie on it as well."""
        try:
            yield
        except OSError as exc:
            if exc.errno in FULL:
                with suppress(OSError):  # the disk's first word is what a person reads
                    self._notes.unlink(missing_ok=True)
                    self._file.truncate(0)
                self._forget()
            raise

    def _lock(self) -> None:
        """Make sure that nobody else writes this part as long as it is open here."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except (BlockingIOError, FileNotFoundError):
            ours = False
        if not ours:  # somebody holds it, or has made it whole since it was opened here
            msg = "an earlier attempt at this run still writes the file; it must end first"
            raise SpoolBusyError(msg)

    def _take_over(self, heartbeat: Callable[[], None]) -> None:
        """Count and hash what an earlier try left, or forget it if it cannot be gone on with."""
        self.identity = _noted_identity(self._notes)
        if self.identity.validator is None:
            self.restart(NOTHING)
            return
        with writing(), self._path.open("rb") as left:
            while data := left.read(READ_SIZE):
                heartbeat()
                self._hash.update(data)
                self.size += len(data)

    def _check_size(self) -> None:
        """Raise unless the file holds what was written here and nothing else."""
        size, expected = os.fstat(self._file.fileno()).st_size, self.size
        if size != expected:
            self.restart(NOTHING)
            msg = (
                f"{self._path.name!r} of the spool has {size} bytes instead of {expected}; "
                "it is fetched afresh"
            )
            raise TemporaryError(msg)


def find_whole(remote: RemoteFile, into: Path) -> SpooledFile | None:
    """Return the file that an earlier try brought to `into` whole, or None."""
    notes = _read_notes(_notes_of_whole(into), OF_WHOLE)
    with writing():
        if notes is None or not into.is_file() or into.stat().st_size != notes["size"]:
            return None
    modified = notes["modified_at"]
    known = replace(
        remote,
        size=notes["remote_size"],
        etag=notes["etag"],
        modified_at=None if modified is None else datetime.fromisoformat(modified),
    )
    return SpooledFile(remote=known, path=into, size=notes["size"], sha256=notes["sha256"])


def _note_whole(file: SpooledFile) -> None:
    remote = file.remote
    notes = {
        "size": file.size,
        "sha256": file.sha256,
        "remote_size": remote.size,
        "etag": remote.etag,
        "modified_at": None if remote.modified_at is None else remote.modified_at.isoformat(),
    }
    _notes_of_whole(file.path).write_text(json.dumps(notes))


def _notes_of_whole(into: Path) -> Path:
    return into.with_name(f"{into.name}.json")


def _noted_identity(path: Path) -> Identity:
    notes = _read_notes(path, OF_PART)
    return NOTHING if notes is None else Identity(**notes)


def _read_notes(path: Path, keys: frozenset[str]) -> dict[str, Any] | None:
    """Return what an earlier try wrote down, None if it did not or was cut while it did."""
    with writing():
        text = path.read_bytes() if path.is_file() else b""
    try:
        notes = json.loads(text)
    except ValueError:
        return None
    return notes if isinstance(notes, dict) and notes.keys() == keys else None
