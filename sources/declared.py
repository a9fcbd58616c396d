"""The encoding of a text that shows it: by the definition, a byte order mark, or its first letters.

For formats whose first characters are known. What shows nothing is guessed as for any other text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from definitions.errors import FormatError
from sources.base import ReadTerms
from sources.compression import open_packed, packing_of, refuse_binary
from sources.encoding import MARKS, TextKind, text_kind

BEGINNING = 1 << 12
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
        start = stream.read(BEGINNING)
    refuse_binary(start)
    found = _mark(start)
    encoding = terms.layout.encoding or found[0] or _wide(start) or _believable(declaration(start))
    if encoding is None:
        return text_kind(file, terms.limits, terms.layout.member)
    return TextKind(packing=packing, encoding=_known(encoding, found[0]), mark_size=found[1])


def no_declaration(start: bytes) -> None:
    """Return None: texts of this kind do not say in which encoding they are."""
    del start


def _believable(declared: str | None) -> str | None:
    """Return what a declaration says, None where the text itself tells.

    Without a mark and zero bytes it is in no wide encoding, whatever programs say that wrote it in
    one and saved it in another; whether it is UTF-8 can be seen.
    """
    is_seen = re.fullmatch(
        r"(?i)utf-?(?:8|16|32)(?:-?[bl]e)?|u(?:cs|nicode)-?[24]?", declared or ""
    )
    return None if is_seen else declared


def _mark(start: bytes) -> tuple[str | None, int]:
    """Return the encoding that a byte order mark tells, and the length of the mark."""
    found = ((encoding, len(mark)) for mark, encoding in MARKS if start.startswith(mark))
    return next(found, (None, 0))


def _wide(start: bytes) -> str | None:
    return next((encoding for pattern, encoding in WIDE if pattern.match(start)), None)


def _known(encoding: str, marked: str | None) -> str:
    """Return the encoding's one name; `utf-16` is the one that the mark shows, else little."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        msg = f"the file says that it is in {encoding!r}, which is no known encoding"
        raise FormatError(msg) from None
    if name in {"utf-16", "utf-32"}:
        return marked if marked and marked.startswith(name) else f"{name}-le"
    return "utf-8" if name in {"utf-8-sig", "ascii"} else name
