"""Any text file as one stream of UTF-8 whose lines end with LF or CRLF.

A format sees neither byte order marks nor other encodings nor compression. Positions in a file
count the bytes of *this* stream, so they mean the same for plain, compressed and transcoded files.
Bytes that mean nothing in the file's encoding become bytes that are no UTF-8: the format finds and
reports them in their row.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression import ByteStream, Packing, open_packed, packing_of, refuse_binary
from sources.compression import skip as skip_bytes

SAMPLE_SIZE = 1 << 20
PIECE = 1 << 18
UTF_8 = "utf-8"
WINDOWS_1252 = "windows-1252"
MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The five codes without a character stay control characters, as web browsers read them.
WINDOWS_1252_TABLE = "".join(
    bytes((code,)).decode("cp1252", errors="ignore") or chr(code) for code in range(256)
)
MANY_NULS = 5  # one NUL in so many bytes is no text
NOT_TEXT = "sources.encoding.not_text"


def _mark_as_bad(error: UnicodeError) -> tuple[str, int]:
    """Stand in for bytes without meaning: a half surrogate, which has no UTF-8 form."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(NOT_TEXT, _mark_as_bad)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKind:
    """What was found out about a text file: enough to open it again at any position."""

    packing: Packing
    encoding: str
    mark_size: int
    line_end: str = "lf"  # or crlf or cr, as the format finds it; a lone cr is read as lf

    @property
    def compression(self) -> str:
        """Return how the file is packed, `none` if it is not."""
        return self.packing.kind

    @property
    def seekable(self) -> bool:
        """Tell whether a position in the text is a place in the file."""
        return self.packing == Packing() and self.encoding == UTF_8


def text_kind(file: Path, limits: ExpandLimits, member: str | None = None) -> TextKind:
    """Find out compression and encoding from the first megabyte of `file`.

    `member` is the pattern of the name of a file in an archive.
    """
    packing = packing_of(file, limits, member)
    stream = open_packed(file, packing, limits)
    try:
        sample = stream.read(SAMPLE_SIZE)
    finally:
        stream.close()
    refuse_binary(sample)
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return TextKind(packing=packing, encoding=encoding, mark_size=len(mark))
    return TextKind(packing=packing, encoding=_guess(sample), mark_size=0)


def open_text(
    file: Path,
    kind: TextKind,
    start: int,
    limits: ExpandLimits,
    heartbeat: Callable[[], None] = lambda: None,
) -> ByteStream:
    """Open the text of `file` at byte `start` of its UTF-8 form; the caller closes it.

    Where that means to read all that is before, `heartbeat` is called; what it raises ends it.
    """
    if kind.seekable:
        plain = file.open("rb")
        plain.seek(kind.mark_size + start)
        return _with_line_feeds(plain, kind)
    with ExitStack() as on_failure:
        stream = open_packed(file, kind.packing, limits)
        on_failure.callback(stream.close)
        skip_bytes(stream, kind.mark_size, heartbeat)
        if kind.encoding != UTF_8:
            stream = _Translated(stream, _transcoder(kind.encoding))
        stream = _with_line_feeds(stream, kind)
        skip_bytes(stream, start, heartbeat)
        on_failure.pop_all()
    return stream


def _guess(sample: bytes) -> str:
    """Return the encoding of a text without byte order mark.

    UTF-8 if the sample is UTF-8, or has more characters that are than bytes that are not: then a
    few rows are damaged, and not the whole file in another encoding.
    """
    if sample.count(0) * MANY_NULS > len(sample):
        msg = "the file is no text, or UTF-16 without byte order mark; save it as UTF-8"
        raise FormatError(msg)
    decoder = codecs.getincrementaldecoder(UTF_8)(errors="replace")
    text = decoder.decode(sample)  # a character cut at the end of the sample stays inside
    bad = text.count("\ufffd")
    good = len(text) - bad - len(text.encode("ascii", errors="ignore"))
    return UTF_8 if bad == 0 or good > bad else WINDOWS_1252


def _with_line_feeds(stream: ByteStream, kind: TextKind) -> ByteStream:
    if kind.line_end != "cr":
        return stream
    return _Translated(stream, lambda data, _: data.replace(b"\r", b"\n"))


def _transcoder(encoding: str) -> Callable[[bytes, bool], bytes]:
    """Return what turns the next bytes in `encoding`, the last ones or not, into UTF-8."""
    if encoding == WINDOWS_1252:
        return lambda data, _: codecs.charmap_decode(data, "strict", WINDOWS_1252_TABLE)[0].encode()
    decoder = codecs.getincrementaldecoder(encoding)(errors=NOT_TEXT)
    return lambda data, last: decoder.decode(data, last).encode(UTF_8, errors="surrogatepass")


class _Translated:
    """Another stream, changed piece by piece as it is read."""

    def __init__(self, stream: ByteStream, change: Callable[[bytes, bool], bytes]) -> None:
        self._stream = stream
        self._change = change
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""
        while len(self._ready) < size and not self._ended:
            data = self._stream.read(PIECE)
            self._ended = not data
            self._ready += self._change(data, self._ended)
        out = bytes(self._ready[:size])
        del self._ready[:size]
        return out

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
