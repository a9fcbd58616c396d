"""A process of its own that reads a Parquet file, as a damaged one may end it (`serving`)."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from definitions.errors import FormatError, TemporaryError
from sources.formats.parquet.serving import ABOUT, LENGTH_BYTES, REFUSED, WINDOW

ENTRY = (  # what is set there: else polars reads no column beside one of intervals
    "import json, os, sys; os.environ['POLARS_IMPORT_INTERVAL_AS_STRUCT'] = '1'; "
    "sys.path[:] = json.loads(sys.argv[1]); "
    "from sources.formats.parquet.serving import main; main()"
)
OF_DAMAGE = frozenset(
    {
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGILL,
        signal.SIGSEGV,
        signal.SIGSYS,
        signal.SIGTRAP,
    }
)
REMEDIES = {  # by what polars says of files that are in order, but that it cannot read
    "more than one occurrence": "give every column a name of its own",
    "unable to parse time zone": "write its times in UTC, or in a zone of the time zone database",
    "precision must be between": "write decimals of at most 38 digits",
    "allocate memory": "it grows beyond all bounds: write smaller cells",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of cells: its dotted name, whether these are bytes as base64, or no text at all."""

    name: str
    is_binary: bool
    is_typed: bool


class Apart:
    """An open file, read by another process until nobody has this object any more.

    Every method raises `FormatError` for a file that cannot be read, calling it `name`, and
    `TemporaryError` where the process was ended from outside.
    """

    height: int
    columns: Sequence[Column]
    left_out: Sequence[str]

    def __init__(self, file: Path, name: str) -> None:
        self._name = name
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", ENTRY, json.dumps(sys.path), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        weakref.finalize(self, _end, process)
        self._process = process
        self._asked: IO[bytes] = process.stdin  # type: ignore[assignment]  # it has a pipe
        self._answers: IO[bytes] = process.stdout  # type: ignore[assignment]
        about = json.loads(self._answer(ABOUT))
        self.height = about["height"]
        self.left_out = about["left_out"]
        self.columns = [Column(**column) for column in about["columns"]]

    def window(self, at: int, count: int) -> pl.DataFrame:
        """Return `count` rows behind the first `at`, fewer at the end; columns have numbers."""
        try:
            self._asked.write(json.dumps([at, count]).encode() + b"\n")
            self._asked.flush()
        except BrokenPipeError:
            raise self._gone() from None
        return pl.read_ipc_stream(io.BytesIO(self._answer(WINDOW)))

    def _answer(self, wanted: bytes) -> bytes:
        """Return the next answer, which should be of the wanted kind."""
        head = self._answers.read(1 + LENGTH_BYTES)
        size = int.from_bytes(head[1:])
        content = self._answers.read(size)
        if len(head) <= LENGTH_BYTES or len(content) < size:
            raise self._gone()
        if head[:1] != wanted:
            text = content.decode(errors="replace")
            raise FormatError(text) if head[:1] == REFUSED else self._damage(text)
        return content

    def _damage(self, reason: str) -> FormatError:
        remedy = next((told for sign, told in REMEDIES.items() if sign in reason), None)
        trouble = f"cannot be read ({reason}); {remedy}"
        if remedy is None:
            trouble = f"is damaged ({reason}); write it again"
        return FormatError(f"the Parquet file {self._name!r} {trouble}")

    def _gone(self) -> FormatError | TemporaryError:
        """Return what to say of a process that is no more."""
        code = self._process.wait()
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        if -code in OF_DAMAGE:
            grown = "it grows beyond all bounds, or " if -code == signal.SIGABRT else "it "
            return self._damage(f"{grown}ends what reads it with {how}")
        msg = f"what reads the Parquet file {self._name!r} was ended by {how}; is memory short?"
        return TemporaryError(msg)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and leave nothing of it."""
    process.kill()
    process.communicate()
