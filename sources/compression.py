"""Opening a fetched file as plain bytes: gzip is expanded as it is read, under a bomb guard."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from definitions.errors import FormatError
from sources.base import ExpandLimits

GZIP = b"\x1f\x8b"
MAGIC_SIZE = 8
SKIP_SIZE = 1 << 20
OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"PK\x05\x06": "an empty zip archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
}


class ByteStream(Protocol):
    """Bytes that are read from front to back and closed by whoever opened them."""

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""

    def close(self) -> None:
        """Let go of the file."""


def compression_of(file: Path) -> str:
    """Return `gzip` or `none`; raise `FormatError` for a file that is surely not text."""
    with file.open("rb") as stream:
        magic = stream.read(MAGIC_SIZE)
    if magic.startswith(GZIP):
        return "gzip"
    refuse_binary(magic)
    return "none"


def refuse_binary(start: bytes) -> None:
    """Raise `FormatError` if `start` opens a kind of file that is surely not text."""
    if start.startswith(GZIP):
        msg = "the file is gzip inside gzip; compress it once"
        raise FormatError(msg)
    for magic, kind in OTHER_KINDS.items():
        if start.startswith(magic):
            msg = f"the file looks like {kind}; send CSV text, plain or compressed with gzip"
            raise FormatError(msg)


def open_plain(file: Path, limits: ExpandLimits) -> ByteStream:
    """Open `file` for reading what is in it, expanding gzip; the caller closes it."""
    if compression_of(file) == "gzip":
        return GzipStream(file.open("rb"), limits)
    return file.open("rb")


class GzipStream:
    """The content of a gzip file; damage, a missing end and a bomb are each a `FormatError`."""

    def __init__(self, packed: BinaryIO, limits: ExpandLimits) -> None:
        self._packed = packed
        self._limits = limits
        self._plain = gzip.GzipFile(fileobj=packed, mode="rb")
        self._size = 0

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""
        try:
            data = self._plain.read(size)
        except EOFError:
            msg = "the gzip file ends in the middle; fetch or compress it again"
            raise FormatError(msg) from None
        except (gzip.BadGzipFile, zlib.error) as exc:
            msg = f"the gzip file is damaged ({exc}); compress it again"
            raise FormatError(msg) from exc
        self._size += len(data)
        self._refuse_bomb()
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._plain.close()
        self._packed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _refuse_bomb(self) -> None:
        limits, packed = self._limits, max(self._packed.tell(), 1)
        if self._size > limits.max_size:
            msg = f"the gzip file holds more than {limits.max_size} bytes, which is the limit"
            raise FormatError(msg)
        if self._size > max(limits.free_size, packed * limits.max_ratio):
            msg = (
                f"the gzip file grows more than {limits.max_ratio} times; "
                "if it is meant to, raise IMPORTMGR_UNPACK_RATIO"
            )
            raise FormatError(msg)


def skip(stream: ByteStream, size: int, heartbeat: Callable[[], None]) -> None:
    """Read and forget `size` bytes of `stream`; what `heartbeat` raises ends that."""
    while size > 0 and (data := stream.read(min(size, SKIP_SIZE))):
        size -= len(data)
        heartbeat()
