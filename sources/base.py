"""What every source and every format promises, and the values between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from definitions.batches import Batch, Position
from definitions.file_decisions import FileDecision
from definitions.model import FileFormat
from definitions.passing_over import Reason

BATCH_SIZE = 3 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file as its source shows it before it is fetched; `path` may be shown to people.

    One that is `barred` cannot be fetched: it is listed for that to be told. Whoever uploads a file
    may set `modified_at` in some storages; `touched_at`, where there is one, is the storage's own.
    """

    path: str
    size: int | None
    modified_at: datetime | None
    etag: str | None
    barred: Reason | None = None
    touched_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledFile:
    """A fetched file on local disk: the bytes as they came, their length and SHA-256."""

    remote: RemoteFile
    path: Path
    size: int
    sha256: str


class Source(Protocol):
    """A place that files come from.

    Every method raises `SourceUnreachableError` for what may pass and `SourceRefusedError` for
    what will not; no client library's exception leaves a source. No text holds a secret.
    """

    def check(self) -> None:
        """Return if the source can be reached and read now, within five seconds; else raise."""

    def list(self) -> Sequence[RemoteFile]:
        """Return the files of one run, in the order they load."""

    def fetch(self, file: RemoteFile, into: Path) -> SpooledFile:
        """Bring the file to the spool path `into`, resuming a part that is already there."""

    def decisions(self) -> Sequence[FileDecision]:
        """Return why files were taken, left or fetched afresh since this was last asked."""

    def close(self) -> None:
        """Give connections back; the source can be used again."""


class AddressSource(Source, Protocol):
    """A source of the one file behind an address."""

    def look(self) -> RemoteFile:
        """Return the file as its source shows it now, within five seconds, without fetching it."""


class StorageSession(Protocol):
    """An open connection to a storage; its files are named by path from the storage's root.

    Every method raises `SourceUnreachableError` for what may pass and `SourceRefusedError` for
    what will not. `close` may be called by another thread to end a call that waits.
    """

    def list(self, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        """Yield the files in `folder` and up to `depth` levels below it (1: only in it; None: all).

        The order is the storage's own. A folder that does not exist is a `SourceRefusedError`,
        unless the storage has no folders. A byte of a name that is not UTF-8 is half of a surrogate
        pair. What is there but cannot be read, whatever it is named, is `barred`.
        """

    def stat(self, path: str) -> RemoteFile | None:
        """Return one file as it is now, or None if there is no such file."""

    def open(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of a file from `offset` on."""

    def put(self, path: str, content: bytes) -> None:
        """Write a small new file into a folder that is there; one of that name is refused."""

    def move(self, path: str, target: str) -> bool:
        """Give a file another path, of which the folders are made; tell whether it was free.

        What is at the target stays as it is. A file that is not there is refused.
        """

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens if there is none."""

    def now(self) -> datetime | None:
        """Return the time by the storage's own clock, or None if it does not tell."""

    def ask_now(self) -> datetime | None:
        """Return the same, asking by unusual means too; for a person who looks at the storage."""

    def close(self) -> None:
        """End the connection."""


class Storage(Protocol):
    """A kind of place that holds files; made of its place and of `StorageTerms`."""

    def connect(self) -> StorageSession:
        """Return an open connection, its login done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandLimits:
    """How much a compressed file may grow: in all, and per byte once it has passed `free_size`."""

    max_size: int = 500 << 30
    max_ratio: int = 1000
    free_size: int = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTerms:
    """How files are read: what the definition says of them, what is wanted, and the limits.

    `wanted` are the names of columns that somebody looks for. Where it cannot be seen at once
    which columns a file has, they are looked for in every record, and in a text whose header is
    in doubt they tell where it is. With `every_name` the columns of a file whose records name their
    cells are all the names in it, which costs a look at the whole file; else those in its first
    megabyte. `batch_size` is in bytes of input. `heartbeat` is called again
    and again by the thread that reads; what it raises ends the reading.
    """

    layout: FileFormat = field(default_factory=FileFormat)
    wanted: frozenset[str] = frozenset()
    every_name: bool = False
    limits: ExpandLimits = field(default_factory=ExpandLimits)
    batch_size: int = BATCH_SIZE
    heartbeat: Callable[[], None] = lambda: None

    @property
    def wanted_in_file(self) -> frozenset[str]:
        """Return the wanted names; none where columns are called otherwise than in their file."""
        is_renamed = bool(self.layout.column_names) or self.layout.header_rows == 0
        return frozenset() if is_renamed else self.wanted


class Reader(Protocol):
    """An open file: its header, what was detected, and its batches."""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""

    @property
    def named(self) -> bool:
        """Tell whether the file or the definition names the columns; else they are numbered."""

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected about the file (encoding, delimiter, …), for the run report."""

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory."""


class Format(Protocol):
    """A way to read files of one kind; made of `ReadTerms`."""

    def open(self, file: Path, name: str) -> Reader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when there is no readable header.
        """
