"""Any text file as one stream of UTF-8.

A format sees neither byte order marks nor other encodings nor compression. Positions in a file
count the bytes of *this* stream, so they mean the same for plain, compressed and transcoded files.
Bytes that mean nothing in the file's encoding become bytes that are no UTF-8: the format finds and
reports them in their row.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from definitions.encodings import is_of_files, python_name
from definitions.errors import FormatError
from sources.aligning import Aligning
from sources.alphabets import WINDOWS_1252
from sources.base import ExpandLimits
from sources.code_pages import code_page
from sources.compression import ByteStream, Packing, open_packed, packing_of, refuse_binary
from sources.compression import skip as skip_bytes
from sources.east_asian import east_asian
from sources.relining import MARKS as RECORD_MARKS
from sources.relining import Relining
from sources.straightening import RoundQuotes, Straightening
from sources.translated import Translated
from sources.unframing import Unframing
from sources.unindenting import Unindenting
from sources.unspacing import Unspacing
from sources.unwrapping import Unwrapping
from sources.utf_8 import MARKS, REPLACED, UTF_8, contradiction, utf_8_in

SAMPLE_SIZE = 1 << 20
# The five codes without a character stay control characters, as web browsers read them.
WINDOWS_1252_TABLE = "".join(
    bytes((code,)).decode("cp1252", errors="ignore") or chr(code) for code in range(256)
)
MANY_NULS = 5  # one NUL in so many bytes is no text
NO_LETTERS = bytes((*range(9), *range(14, 26), 0x7F))  # not the marks between fields, 0x1A to 0x1F
LEAST_NOISE = 256
RARE_NOISE = 50  # one of them in more characters than that is a damaged text
IN_EITHER_ORDER = frozenset({"utf-16", "utf-32"})
BYTE_ORDER_MARK = "\ufeff"
ESCAPE = b"\x1b$"
EBCDIC_LINE_FEED, NEXT_LINE = b"\x25", "\x85"  # where it is that, lines end with the latter
NEARLY_ALL, HALF, WIDE_LEAST, WIDE_RATIO = 0.9, 0.5, 0.1, 20  # shares of zero bytes
ASCII_TEXT = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
NOT_TEXT = "sources.encoding.not_text"
MEANINGLESS = "\udcff".encode(errors="surrogatepass")  # in the stream, for bytes without meaning


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
    why: str = ""  # how the encoding is known
    makes_sense: bool = True  # words are words in it
    contradicted: str = ""  # what speaks clearly against it, if it is given
    wrapped: bool = False  # rows are in quotes as a whole, which are taken off
    aligned: bool = False  # columns are aligned with spaces, of which one is left
    framed: bool = False  # rows are in frames of `|`, which are taken off
    indented: bool = False  # spaces before the first quotes of records, which are taken off
    spaced: str = ""  # what parts cells, where spaces before their quotes are taken off
    round_quotes: RoundQuotes | None = None  # around cells, which become straight ones
    record_mark: str = ""  # what ends records that no line ends end, which become such

    @property
    def told(self) -> str:
        """Return the encoding, and why it is that one where somebody may wonder."""
        return f"{self.encoding} {self.why}".rstrip()

    @property
    def seekable(self) -> bool:
        """Tell whether a position in the text is a place in the file."""
        is_plain = self.packing == Packing() and self.encoding == UTF_8
        return is_plain and not self.changes()

    def changes(self) -> Sequence[Callable[[bytes, bool], bytes]]:
        """Return what takes off, in this order, what is around rows and cells."""
        ends = [Relining(RECORD_MARKS[self.record_mark])] if self.record_mark else []
        wanted = (self.wrapped, Unwrapping), (self.aligned, Aligning), (self.framed, Unframing)
        around = [
            make() for is_wanted, make in (*wanted, (self.indented, Unindenting)) if is_wanted
        ]
        straight = [Straightening(self.round_quotes)] if self.round_quotes else []
        bare = [Unspacing(self.spaced)] if self.spaced else []
        return [*ends, *around, *straight, *bare]


def text_kind(
    file: Path, limits: ExpandLimits, member: str | None = None, encoding: str | None = None
) -> TextKind:
    """Find out packing and encoding from the first megabyte of `file`.

    `member` is the pattern of the name of a file in an archive. A given `encoding` is taken as it
    is; only its own byte order marks are left out. Raise `FormatError` if it is none that text can
    be read in.
    """
    packing = packing_of(file, limits, member)
    stream = open_packed(file, packing, limits)
    try:
        sample = stream.read(SAMPLE_SIZE)
    finally:
        stream.close()
    refuse_binary(sample)
    found = _found(sample) if encoding is None else _given(encoding, sample)
    against = "" if encoding is None else contradiction(sample, found.encoding)
    return replace(found, packing=packing, contradicted=against)


def codec_name(encoding: str) -> str:
    """Return the one name of an encoding; raise `FormatError` if text cannot be read in it.

    Under the name by which it is assumed, Windows-1252 is read as it is then: by every byte.
    """
    if encoding.lower() == WINDOWS_1252:
        return WINDOWS_1252
    if not is_of_files(encoding):
        msg = f"text cannot be read in the encoding {encoding!r}; use one such as 'utf-8', 'cp1250'"
        raise FormatError(msg)
    return codecs.lookup(python_name(encoding)).name.removesuffix("-sig")


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
        return plain
    with ExitStack() as on_failure:
        stream = open_packed(file, kind.packing, limits)
        on_failure.callback(stream.close)
        skip_bytes(stream, kind.mark_size, heartbeat)
        if kind.encoding != UTF_8:
            stream = Translated(stream, _transcoder(kind.encoding))
        for change in kind.changes():
            stream = Translated(stream, change)
        skip_bytes(stream, start, heartbeat)
        on_failure.pop_all()
    return stream


def _found(sample: bytes) -> TextKind:
    """Return the encoding that a byte order mark, zero bytes, or the characters tell."""
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            size = _size_of_marks(sample, mark)
            return _kind(encoding, "found: it begins with a byte order mark", size)
    wide = _wide(sample)
    if wide is not None:
        return _kind(wide, "found: of every character some bytes are zero")
    if sample.count(0) * MANY_NULS > len(sample):
        msg = "the file is no text; send CSV text, if in doubt as UTF-8"
        raise FormatError(msg)
    kind = _guess(sample)
    if kind.encoding != UTF_8 and _is_noise(sample):
        msg = (
            "the file is no text: it is full of control characters of all kinds, as packed and "
            "encrypted files are; unpack it, or give its encoding if it is text"
        )
        raise FormatError(msg)
    return kind


def _given(encoding: str, sample: bytes) -> TextKind:
    """Return the kind of a text in a given encoding, with the size of its byte order marks."""
    name = codec_name(encoding)
    for mark, marked in MARKS if name in IN_EITHER_ORDER else ():
        if sample.startswith(mark) and marked.startswith(name):
            return _kind(marked, "given", _size_of_marks(sample, mark))
    if name in IN_EITHER_ORDER:
        wide = _wide(sample) or ""
        return _kind(wide if wide.startswith(name) else f"{name}-le", "given")
    try:
        mark = BYTE_ORDER_MARK.encode(name)
    except UnicodeError:
        return _kind(name, "given")
    return _kind(name, "given", _size_of_marks(sample, mark))


def _size_of_marks(sample: bytes, mark: bytes) -> int:
    """Return the size of the byte order marks: one program may write its own before another's."""
    size = 0
    while mark and sample.startswith(mark, size):
        size += len(mark)
    return size


def _kind(encoding: str, why: str, mark_size: int = 0) -> TextKind:
    return TextKind(packing=Packing(), encoding=encoding, mark_size=mark_size, why=why)


def _wide(sample: bytes) -> str | None:
    """Return the encoding in two or four bytes per character that the zero bytes tell, if any.

    Of each Latin character, digit, and line end they are always in the same places. A few among
    bytes that are all ASCII are NULs in a text of single bytes.
    """
    fourths = [_share_of_zeros(sample[place::4]) for place in range(4)]
    if min(fourths[2:]) > NEARLY_ALL > fourths[0]:
        return "utf-32-le"
    if min(fourths[:2]) > NEARLY_ALL > fourths[3]:
        return "utf-32-be"
    first, second = _share_of_zeros(sample[::2]), _share_of_zeros(sample[1::2])
    if max(first, second) < WIDE_LEAST or min(first, second) * WIDE_RATIO > max(first, second):
        return None
    if max(first, second) < HALF and not sample.translate(None, delete=ASCII_TEXT + b"\0"):
        return None
    encoding = "utf-16-le" if second > first else "utf-16-be"
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    return encoding if text.count(REPLACED) * 100 <= len(text) else None


def _is_noise(sample: bytes) -> bool:
    """Tell whether most control characters that no text has are there, and are no rarity.

    A few of them, however often they occur, may be delimiters. So little as `LEAST_NOISE` bytes
    tells nothing.
    """
    counts = [sample.count(code) for code in NO_LETTERS]
    kinds = len(counts) - counts.count(0)
    is_mixed = kinds * 2 > len(counts) and len(sample) >= LEAST_NOISE
    return is_mixed and sum(counts) * RARE_NOISE > len(sample)


def _share_of_zeros(data: bytes) -> float:
    return data.count(0) / len(data) if data else 0.0


def _guess(sample: bytes) -> TextKind:
    """Return the encoding of a text of single bytes without byte order mark.

    UTF-8 if the sample is UTF-8, or has more characters that are than bytes that are not: then a
    few rows are damaged, and not the whole file in another encoding. What an earlier program wrote
    for bytes that it did not understand (U+FFFD) is a character like any other.
    """
    good, bad = utf_8_in(sample)
    shifted = east_asian(sample) if ESCAPE in sample else None
    if shifted is not None:
        return _kind(shifted, "found: escapes begin and end its characters of two bytes")
    if bad == 0:
        return _kind(UTF_8, "found: the first megabyte is UTF-8")
    if good > bad:
        return _kind(UTF_8, f"found: {good} characters are, {bad} bytes are not UTF-8")
    encoding, makes_sense = code_page(sample)
    if encoding != WINDOWS_1252:
        return _kind(encoding, f"found: {bad} bytes are not UTF-8, and words make sense so")
    two_bytes = None if makes_sense else east_asian(sample)
    if two_bytes is not None:
        return _kind(two_bytes, f"found: {bad} bytes are not UTF-8, but common characters so")
    doubt = "" if makes_sense else " and words make little sense so"
    why = f"assumed: {bad} bytes are not UTF-8{doubt}; give 'source.format.encoding' if it is not"
    return replace(_kind(WINDOWS_1252, why), makes_sense=makes_sense)


def _transcoder(encoding: str) -> Callable[[bytes, bool], bytes]:
    """Return what turns the next bytes in `encoding`, the last ones or not, into UTF-8."""
    if encoding == WINDOWS_1252:
        return lambda data, _: codecs.charmap_decode(data, "strict", WINDOWS_1252_TABLE)[0].encode()
    decoder = codecs.getincrementaldecoder(encoding)(errors=NOT_TEXT)
    is_ebcdic = "\n".encode(encoding, errors="replace") == EBCDIC_LINE_FEED

    def change(data: bytes, last: bool) -> bytes:  # noqa: FBT001 - as decoders have it
        text = decoder.decode(data, last)
        text = text.replace(NEXT_LINE, "\n") if is_ebcdic else text
        return text.encode(UTF_8, errors="surrogatepass")

    return change
