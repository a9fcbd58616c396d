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
        for place in list(_borders(stream)):
            if _is_behind_footer(stream, place):
                msg = (
                    f"{name!r} is several Parquet files one behind the other: one ends before byte "
                    f"{place}, where another begins; send each as a file of its own"
                )
                raise FormatError(msg)


def _borders(stream: BinaryIO) -> Iterator[int]:
    """Yield where, by its marks, a file begins behind another one."""
    stream.seek(0)
    text, read = b"", 0
    while piece := stream.read(PIECE):
        text = text[1 - len(BORDER) :] + piece
        read += len(piece)
        place = text.find(BORDER)
        while place >= 0:
            yield read - len(text) + place + len(MAGIC)
            place = text.find(BORDER, place + 1)


def _is_behind_footer(stream: BinaryIO, place: int) -> bool:
    """Tell whether the end of a file stands before `place`: a footer, its length and the mark."""
    length_at = place - len(MAGIC) - LENGTH_BYTES
    if length_at < len(MAGIC):
        return False
    stream.seek(length_at)
    begin = length_at - int.from_bytes(stream.read(LENGTH_BYTES), "little")
    if begin < len(MAGIC):
        return False
    stream.seek(begin)
    return stream.read(len(FOOTER_BEGIN)) == FOOTER_BEGIN
