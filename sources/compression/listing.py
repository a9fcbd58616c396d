"""The list of files in a zip archive, read with care: it has a bounded size, and is all there is.

`zipfile` looks for the list from the end of a file, and heeds neither what stands behind it nor
what stands before its first file. That may be another archive, of which nobody would hear.
"""

from __future__ import annotations

import io
import struct
from pathlib import Path
from zipfile import ZipFile

from definitions.errors import FormatError
from sources.compression.unpacking import PADDING

MOST_DIRECTORY = 32 << 20  # bytes of the list of members: some 300,000 of them
END = struct.Struct("<4s16xH")  # behind the list: ends with the size of a comment
END_MAGIC, START_MAGIC, SPLIT_MAGIC = b"PK\x05\x06", b"PK", b"PK\x07\x08"
MEMBER_MAGIC = b"PK\x03\x04"
MOST_COMMENT = 1 << 16
SHOWN = 20
LONGEST_NAME = 200  # characters that are shown; a list may have 65,535


class Careful(io.FileIO):
    """A file of which nobody reads very much at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next `size` bytes; raise `FormatError` if that is too much."""
        if size is not None and size > MOST_DIRECTORY:
            msg = f"the list of files in the zip archive is larger than {MOST_DIRECTORY} bytes"
            raise FormatError(msg)
        return super().read(size) or b""


def called(name: str) -> str:
    """Return the name of a file in an archive as a message shows it."""
    return repr(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…")


def surplus_in(file: Path, listed: ZipFile) -> str | None:
    """Return what is wrong around the archive in `file`, whose list was read; None if nothing is.

    Another archive before or behind it, or a comment that is cut. Bytes before it that begin no
    archive are a program that unpacks it, and such bytes behind it are rubbish, as of a web page
    whose program wrote a warning behind the file.
    """
    with file.open("rb") as stream:
        start = stream.read(len(SPLIT_MAGIC))
    begin = min((info.header_offset for info in listed.infolist()), default=listed.start_dir)
    is_split = start == SPLIT_MAGIC and begin == len(SPLIT_MAGIC)
    if begin > 0 and start.startswith(START_MAGIC) and not is_split:
        return "other bytes stand before its first file, perhaps another archive"
    behind = _behind_end(_tail_of(file))
    if behind is None:
        return "its comment is cut"
    return "another archive follows its end" if MEMBER_MAGIC in behind else None


def told_behind(file: Path) -> dict[str, str]:
    """Return the evidence of bytes behind the archive in `file` that are no part of it."""
    behind = (_behind_end(_tail_of(file)) or b"").strip(PADDING)
    told = f"{len(behind)} bytes behind the end are passed over; they begin with {behind[:SHOWN]!r}"
    return {"surplus": told} if behind else {}


def _tail_of(file: Path) -> bytes:
    """Return the last bytes of a file, in which the end of an archive is looked for."""
    with file.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - END.size - MOST_COMMENT))
        return stream.read()


def _behind_end(tail: bytes) -> bytes | None:
    """Return what follows the archive that `zipfile` finds in these last bytes of a file.

    None if the comment that belongs to it is not complete.
    """
    last = tail[-END.size :]
    if last.startswith(END_MAGIC) and last.endswith(b"\0\0"):
        return b""
    place = max(0, tail.rfind(END_MAGIC))
    end = place + END.size + END.unpack_from(tail, place)[1]
    return tail[end:] if end <= len(tail) else None
