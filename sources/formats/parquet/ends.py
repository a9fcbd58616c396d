"""Where a Parquet file begins and ends: whether it is one, all of one, and not two of them.

A Parquet file is read from its end: there is what its places are, counted from its beginning. Of
two files one behind the other the places of the second are looked up in the first. That may give
rows, and those of the other are lost without a word.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from definitions.errors import FormatError

MAGIC, ENCRYPTED = b"PAR1", b"PARE"
BORDER = MAGIC + MAGIC  # the end of a file, and the beginning of another
FOOTER_BEGIN = b"\x15"  # its first field is a number, the version
LENGTH_BYTES = 4  # of the footer, behind it
PIECE = 1 << 20


def check_ends(file: Path, name: str) -> None:
    """Raise `FormatError` unless the file begins and ends as a Parquet file does, and is one."""
    with file.open("rb") as stream:
        start = stream.read(len(MAGIC))
        stream.seek(-min(len(MAGIC), stream.seek(0, io.SEEK_END)), io.SEEK_END)
        end = stream.read(len(MAGIC))
        if ENCRYPTED in (start, end):
            msg = f"{name!r} is encrypted; write it without encryption"
            raise FormatError(msg)
        if start != MAGIC:
            msg = f"{name!r} is no Parquet file, or a packed one; send it as it was written"
            raise FormatError(msg)
        if end != MAGIC:
            msg = f"the Parquet file {name!r} ends in the middle; fetch or write it again"
            raise FormatError(msg)
    _refuse_several(file, name)


def _refuse_several(file: Path, name: str) -> None:
    """Raise `FormatError` if another file begins behind the end of one."""
    with file.open("rb") as stream, file.open("rb") as elsewhere:
        for place, footer in _borders(stream):
            elsewhere.seek(footer)
            if elsewhere.read(len(FOOTER_BEGIN)) == FOOTER_BEGIN:
                msg = (
                    f"{name!r} is several Parquet files one behind the other: one ends before byte "
                    f"{place}, where another begins; send each as a file of its own"
                )
                raise FormatError(msg)


def _borders(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield where, by its marks, a file may begin behind another one, and where that one's footer.

    The length of a footer stands between it and the mark; most of what looks like a border has none
    that can be.
    """
    text, read = b"", 0
    while piece := stream.read(PIECE):
        text = text[1 - LENGTH_BYTES - len(BORDER) :] + piece
        read += len(piece)
        at = text.find(BORDER, LENGTH_BYTES)
        while at >= 0:
            place = read - len(text) + at + len(MAGIC)
            length = int.from_bytes(text[at - LENGTH_BYTES : at], "little")
            footer = place - len(MAGIC) - LENGTH_BYTES - length
            if footer >= len(MAGIC):
                yield place, footer
            at = text.find(BORDER, at + 1)
