"""The encoding of a text that shows it: by the definition, a byte order mark, or its first letters.

For formats whose first characters are known, and which are UTF-8 where nothing is declared. What is
declared holds, and bytes that are none of it are faults of their records; only where the bytes
speak clearly against UTF-8 the encoding is guessed as for any other text, and that is told.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sources.alphabets import WINDOWS_1252
from sources.base import ReadTerms
from sources.compression import open_packed, packing_of, refuse_binary
from sources.encoding import SAMPLE_SIZE, TextKind, codec_name, text_kind
from sources.utf_8 import MARKS, UTF_8, utf_8_in

SEEN = re.compile(r"(?i)utf-?(?:8|16|32)(?:-?[bl]e)?|u(?:cs|nicode)-?[24]?")
ONE_BYTE = re.compile(r"(?i)(?:us-)?ascii|latin-?1|iso-?8859-\d+|(?:windows-?|cp)12\d\d|koi8-[ru]")
IS_UTF_8 = re.compile(r"(?i)utf-?8")
NOT_UTF_8 = re.compile("[\udc80-\udcff]+")  # bytes as they are decoded that are no UTF-8
CLEARLY = 3  # places with such bytes; fewer may be damage in UTF-8
# Between so many characters that are none, one that is UTF-8 can be so by chance: `É»`, `É\xa0`.
BY_CHANCE = 10
IF_NOT = "give 'source.format.encoding' if it is not"
# How two ASCII characters look in encodings of two and four bytes, without byte order mark.
WIDE = (
    (re.compile(rb"[^\0]\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[^\0]\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
)


def declared_kind(
    file: Path, terms: ReadTerms, declaration: Callable[[bytes], str | None]
) -> TextKind:
    """Return packing and encoding of `file`.

    `declaration` finds the encoding that the text's first bytes name. Raise `FormatError` for what
    is no text, or in an encoding that is not known.
    """
    packing = packing_of(file, terms.limits, terms.layout.member)
    with closing(open_packed(file, packing, terms.limits)) as stream:
        start = stream.read(SAMPLE_SIZE)
    refuse_binary(start)
    mark, mark_size = _mark(start)
    declared = declaration(start) or ""
    encoding = terms.layout.encoding or mark or _wide(start) or _believable(declared, start)
    if encoding is None:
        return _expected(text_kind(file, terms.limits, terms.layout.member), declared, start)
    return TextKind(packing=packing, encoding=_known(encoding, mark), mark_size=mark_size)


def no_declaration(start: bytes) -> None:
    """Return None: texts of this kind do not say in which encoding they are."""
    del start


def _believable(declared: str, start: bytes) -> str | None:
    """Return what a declaration says, None where there is none or the text itself tells.

    Without a mark and zero bytes it is in no wide encoding, whatever programs say that wrote it in
    one and saved it in another; whether it is UTF-8 can be seen. So can that it is UTF-8 and not in
    one of the encodings of single bytes: in these no words look like that.
    """
    if SEEN.fullmatch(declared) or (ONE_BYTE.fullmatch(declared) and _is_utf_8(start)):
        return None
    return declared or None


def _expected(guessed: TextKind, declared: str, start: bytes) -> TextKind:
    """Return a text as UTF-8 unless its bytes speak clearly against it, and why if it is told.

    `declared` is what it declares, if anything.
    """
    bad = utf_8_in(start)[1]
    is_as_said = not declared or IS_UTF_8.fullmatch(declared) is not None
    if guessed.encoding == UTF_8 and is_as_said:
        return guessed if bad else replace(guessed, why="")
    said = f"{declared!r} is declared" if declared else "UTF-8 is usual"
    if bad and not guessed.encoding.startswith("utf-") and not _is_clear(guessed.encoding, start):
        why = f"assumed: {said}, and {bad} bytes that are not UTF-8 do not disprove it; {IF_NOT}"
        return replace(guessed, encoding=UTF_8, why=why, makes_sense=True)
    word, _, seen = guessed.why.partition(": ")
    return replace(guessed, why=f"{word}: {said}, yet {seen}")


def _is_clear(guessed: str, start: bytes) -> bool:
    """Tell whether the bytes speak clearly for the encoding that was guessed, and not for UTF-8.

    Windows-1252 is what is guessed where nothing speaks for any other one.
    """
    decoder = codecs.getincrementaldecoder(UTF_8)(errors="surrogateescape")
    places = sum(1 for _ in NOT_UTF_8.finditer(decoder.decode(start)))
    good, bad = utf_8_in(start)
    return places >= CLEARLY and bad > good * (BY_CHANCE if guessed == WINDOWS_1252 else 1)


def _is_utf_8(start: bytes) -> bool:
    """Tell whether there are other characters than ASCII, all of them in UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return not decoder.decode(start).isascii()
    except UnicodeDecodeError:
        return False


def _mark(start: bytes) -> tuple[str | None, int]:
    """Return the encoding that a byte order mark tells, and the length of all there are of it."""
    for mark, encoding in MARKS:
        if start.startswith(mark):
            rest = start
            while rest.startswith(mark):
                rest = rest.removeprefix(mark)
            return encoding, len(start) - len(rest)
    return None, 0


def _wide(start: bytes) -> str | None:
    return next((encoding for pattern, encoding in WIDE if pattern.match(start)), None)


def _known(encoding: str, marked: str | None) -> str:
    """Return the encoding's one name; `utf-16` is the one that the mark shows, else little."""
    name = codec_name(encoding)
    if name in {"utf-16", "utf-32"}:
        return marked if marked and marked.startswith(name) else f"{name}-le"
    return "utf-8" if name == "ascii" else name
