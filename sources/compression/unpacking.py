"""Expanding packed bytes as they are read: in bounded memory, and never more than is allowed.

Whatever packs bytes, three things end the reading with a `FormatError`: a stream that stops before
its end, damage (other bytes behind the end included; zeros and line ends are padding), and growth
that no honest file has.
"""

from __future__ import annotations

import bz2
import lzma
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression.kinds import BZIP2, GZIP, PACKED, XZ, ZSTD

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 1 << 16
PADDING = b"\0\r\n"  # what programs and people add behind the end of a file, and is nothing
MAGIC_SIZE = 16  # more than any kind needs to be recognised
MOST_EMPTY = 100_000  # streams one behind the other: each takes some 20 us and brings nothing
MOST_MEMORY = 100 << 20  # what unpacking xz may take: enough for every preset
LARGEST_WINDOW = 27  # of zstd, as a power of two: what its own program allows
GZIP_WINDOW = 31
DEFLATE_WINDOW = -15
DAMAGED = (zlib.error, OSError, lzma.LZMAError, zstd.ZstdError, ValueError)


class ByteStream(Protocol):
    """Bytes that are read from front to back and closed by whoever opened them."""

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""

    def close(self) -> None:
        """Let go of the file."""


class Decoder(Protocol):
    """Expands one stream, as the standard library's decompressors do."""

    @property
    def eof(self) -> bool:
        """Tell whether the end of the stream was reached."""

    @property
    def needs_input(self) -> bool:
        """Tell whether more can only come from more input."""

    @property
    def unused_data(self) -> bytes:
        """Return what came behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return up to `max_length` bytes; input that is not used yet is kept."""


class ZlibDecoder:
    """zlib with the face of the other decompressors."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """Tell whether the end of the stream was reached."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """Tell whether more can only come from more input."""
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """Return what came behind the end of the stream."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return up to `max_length` bytes; input that is not used yet is kept."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way of packing: its name for people, what expands one stream, what begins a further one."""

    name: str
    decoder: Callable[[], Decoder]
    begins: re.Pattern[bytes] | None = None


def xz_decoder() -> Decoder:
    """Return what expands one xz stream without taking too much memory."""
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY)


def zstd_decoder() -> Decoder:
    """Return what expands one zstd frame without taking too much memory."""
    options = {int(zstd.DecompressionParameter.window_log_max): LARGEST_WINDOW}
    return zstd.ZstdDecompressor(options=options)


METHODS = {
    GZIP: Method(name="gzip", decoder=lambda: ZlibDecoder(GZIP_WINDOW), begins=PACKED[GZIP]),
    BZIP2: Method(name="bzip2", decoder=bz2.BZ2Decompressor, begins=PACKED[BZIP2]),
    XZ: Method(name="xz", decoder=xz_decoder, begins=PACKED[XZ]),
    ZSTD: Method(name="zstd", decoder=zstd_decoder, begins=PACKED[ZSTD]),
}


def refuse_bomb(size: int, packed: int, what: str, limits: ExpandLimits) -> None:
    """Raise `FormatError` if `packed` bytes of `what` may not become `size` bytes."""
    if size > limits.max_size:
        msg = (
            f"{what} holds more than {limits.max_size} bytes, which is the limit; "
            "if it is meant to, raise IMPORTMGR_MAX_FILE_BYTES"
        )
        raise FormatError(msg)
    if size > max(limits.free_size, packed * limits.max_ratio):
        msg = (
            f"{what} grows more than {limits.max_ratio} times; "
            "if it is meant to, raise IMPORTMGR_UNPACK_RATIO"
        )
        raise FormatError(msg)


class Unpacked:
    """What is in `packed`, one stream or, where the method knows how one begins, several."""

    def __init__(self, packed: ByteStream, method: Method, limits: ExpandLimits) -> None:
        self._packed, self._method, self._limits = packed, method, limits
        self._decoder = method.decoder()
        self._input = b""  # read and not given to the decoder yet
        self._taken, self._size = 0, 0
        self._before, self._empty = 0, 0  # the size before this stream; empty ones just before it
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""
        pieces: list[bytes] = []
        while size > 0 and not self._ended:
            piece = self._piece(size)
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Let go of the file."""
        self._packed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _piece(self, size: int) -> bytes:
        """Return up to `size` bytes, perhaps none."""
        if self._decoder.eof:
            self._begin_next()
            return b""
        hungry = self._decoder.needs_input
        data = (self._input or self._fetch()) if hungry else b""
        self._input = b"" if hungry else self._input
        try:
            piece = self._decoder.decompress(data, size)
        except DAMAGED as exc:
            raise self._damaged(str(exc)) from exc
        if hungry and not (data or piece or self._decoder.eof):
            msg = f"the {self._method.name} file ends in the middle; fetch or pack it again"
            raise FormatError(msg)
        self._size += len(piece)
        refuse_bomb(self._size, self._taken, f"the {self._method.name} file", self._limits)
        return piece

    def _begin_next(self) -> None:
        """Go on with the stream behind the one that ended, or notice that there is none."""
        begins = self._method.begins
        if begins is None:
            self._ended = True
            return
        self._empty = self._empty + 1 if self._size == self._before else 0
        self._before = self._size
        if self._empty > MOST_EMPTY:
            what = f"more than {MOST_EMPTY} parts with nothing in them stand one behind the other"
            msg = f"in the {self._method.name} file {what}; pack it again"
            raise FormatError(msg)
        rest = (self._decoder.unused_data + self._input).lstrip(PADDING)
        while len(rest) < MAGIC_SIZE and (more := self._fetch()):
            rest = (rest + more).lstrip(PADDING)
        if rest and not begins.match(rest):
            why = "other bytes follow its end"
            raise self._damaged(why)
        self._ended = not rest
        self._input = rest
        self._decoder = self._method.decoder()

    def _fetch(self) -> bytes:
        data = self._packed.read(PIECE)
        self._taken += len(data)
        return data

    def _damaged(self, why: str) -> FormatError:
        if "memory" in why.lower():
            what = "takes more memory to unpack than is allowed"
            remedy = "pack it with a smaller dictionary or window"
            return FormatError(f"the {self._method.name} file {what} ({why}); {remedy}")
        return FormatError(f"the {self._method.name} file is damaged ({why}); pack it again")
