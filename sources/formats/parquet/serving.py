"""The process that reads a Parquet file for another one, which is asked for by `apart`.

A damaged file can end the process that reads it: lengths in it are believed, and memory that nobody
has is asked for. So it is not the process that runs imports. What it is asked for and answers goes
through its standard streams: a line of JSON, and a frame of one letter, a length and so many bytes.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars.exceptions import PanicException, PolarsError

from definitions.errors import FormatError
from sources.formats.parquet.windows import Table

ABOUT, WINDOW, REFUSED, DAMAGED = b"A", b"W", b"R", b"D"  # what an answer is
LENGTH_BYTES = 8
MOST_MEMORY = 1 << 30  # bytes that a process may ask for, besides what its file may grow to
MOST_GROWTH = 1000


def main() -> None:
    """Answer until nothing more is asked, or there is no answer.

    Signals to a whole group of processes are for the one that asks: it may want to read on.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    file = Path(sys.argv[-1])
    _limit_memory(file)
    serve(file, sys.stdin.buffer, sys.stdout.buffer)


def _limit_memory(file: Path) -> None:
    """End this process, rather than the machine, should a small file grow beyond all bounds.

    A cell is unpacked as a whole: one of a gigabyte can be packed in some kilobytes.
    """
    most = MOST_MEMORY + MOST_GROWTH * file.stat().st_size
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def serve(file: Path, asked: BinaryIO, answers: BinaryIO) -> None:
    """Tell about a file, then give the windows of it that are asked for."""
    try:
        table = Table(file)
        _answer(answers, ABOUT, json.dumps(_about(table)).encode())
        for line in asked:
            at, count = json.loads(line)
            window = io.BytesIO()
            table.window(at, count).write_ipc_stream(window, compression="uncompressed")
            _answer(answers, WINDOW, window.getbuffer())
    except FormatError as exc:
        _answer(answers, REFUSED, str(exc).encode())
    except (PolarsError, PanicException, OSError, ValueError) as exc:
        reason = (str(exc).strip().splitlines() or ["unreadable"])[0]
        _answer(answers, DAMAGED, reason.encode())


def _about(table: Table) -> dict[str, object]:
    columns = [
        {
            "name": column.name,
            "is_binary": isinstance(column.type, pl.Binary),
            "is_typed": column.is_typed,
        }
        for column in table.columns
    ]
    return {"height": table.height, "columns": columns, "left_out": table.left_out}


def _answer(answers: BinaryIO, kind: bytes, content: bytes | memoryview) -> None:
    answers.write(kind + len(content).to_bytes(LENGTH_BYTES))
    answers.write(content)
    answers.flush()
