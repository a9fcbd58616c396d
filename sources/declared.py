"""The encoding of a text that shows it: by the definition, a byte order mark, or its first letters.

For formats whose first characters are known. What shows nothing is guessed as for any other text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sources.base import ReadTerms
from sources.compression import open_packed, packing_of, refuse_binary
from sources.encoding import (
    MARKS,
    SAMPLE_SIZE,
    UTF_8,
    TextKind,
    codec_name,
    text_kind,
    utf_8_in,
)

SEEN = re.compile(r"(?i)utf-?(?:8|16|32)(?:-?[bl]e)?|u(?:cs|nicode)-?[24]?")
ONE_BYTE = re.compile(r"(?i)(?:us-)?ascii|latin-?1|iso-?8859-\d+|(?:windows-?|cp)12\d\d|koi8-[ru]")
DAMAGED = "found: some characters are UTF-8, and no more bytes are not"
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
    found = _mark(start)
    declared = _believable(declaration(start), start)
    encoding = terms.layout.encoding or found[0] or _wide(start) or declared
    if encoding is None:
        kind = text_kind(file, terms.limits, terms.layout.member)
        damaged = kind.encoding != UTF_8 and _is_damaged_utf_8(start)
        return replace(kind, encoding=UTF_8, why=DAMAGED, makes_sense=True) if damaged else kind
    return TextKind(packing=packing, encoding=_known(encoding, found[0]), mark_size=found[1])


def no_declaration(start: bytes) -> None:
    """Return None: texts of this kind do not say in which encoding they are."""
    del start


def _believable(declared: str | None, start: bytes) -> str | None:
    """Return what a declaration says, None where the text itself tells.

    Without a mark and zero bytes it is in no wide encoding, whatever programs say that wrote it in
    one and saved it in another; whether it is UTF-8 can be seen. So can that it is UTF-8 and not in
    one of the encodings of single bytes: in these no words look like that.
    """
    if SEEN.fullmatch(declared or "") or (ONE_BYTE.fullmatch(declared or "") and _is_utf_8(start)):
        return None
    return declared


def _is_utf_8(start: bytes) -> bool:
    """Tell whether there are other characters than ASCII, all of them in UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return not decoder.decode(start).isascii()
    except UnicodeDecodeError:
        return False


def _is_damaged_utf_8(start: bytes) -> bool:
    """Tell whether other characters than ASCII are in UTF-8, and no more bytes are not.

    For texts of which the usual encoding is UTF-8, and words in no other one look like that.
    """
    good, bad = utf_8_in(start)
    return 0 < bad <= good


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
