"""What every source and every format promises, and the values between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from definitions.batches import Batch, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file as its source shows it before it is fetched; `path` may be shown to people."""

    path: str
    size: int | None
    modified_at: datetime | None
    etag: str | None


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


class Reader(Protocol):
    """An open file: its header, what was detected, and its batches."""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected about the file (encoding, delimiter, …), for the run report."""

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory."""


class Format(Protocol):
    """A way to read files of one kind."""

    def open(self, file: Path, name: str) -> Reader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when there is no readable header.
        """
