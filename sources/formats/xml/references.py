"""References that XML does not know: a bare `&`, and those that only HTML has (`&nbsp;`).

In a text they are found before a parser meets them, as none goes on behind what breaks the rules.
Nothing depends on that all of them are found: those that a parser meets end it.
"""

from __future__ import annotations

import re
from html import escape
from html.entities import html5

LONGEST = 64  # bytes of a reference that is looked for
KNOWN = frozenset({b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"})
# Behind the `&`, or the name after it, is what tells it: a semicolon, or another sign of ASCII.
STRAY = re.compile(
    rb"&(?!#|(?:amp|lt|gt|quot|apos);)"
    rb"(?:(?P<name>[A-Za-z_][A-Za-z0-9_.-]{0,60};)|[A-Za-z0-9_.-]{0,60}(?=[\t\n\r -,/<-@\[-^`{-~]))"
)
SECTION, SECTION_END = b"<![CDATA[", b"]]>"


def stray_in(text: bytes, begin: int, end: int, *, in_section: bool) -> re.Match[bytes] | None:
    """Return the first such reference that begins from `begin` on and before `end`, if any does.

    Those in a CDATA section are none; one may be open at `begin`.
    """
    at = begin
    if in_section:
        at = _behind_section(text, begin, end)
    while stray := STRAY.search(text, at, end + LONGEST):
        place = stray.start()
        section = text.rfind(SECTION, at, place)
        if place >= end or section < 0 or text.find(SECTION_END, section, place) >= 0:
            return stray if place < end else None
        at = _behind_section(text, section, end)
    return None


def _behind_section(text: bytes, at: int, end: int) -> int:
    place = text.find(SECTION_END, at, end)
    return end if place < 0 else place + len(SECTION_END)


def as_text(reference: bytes) -> bytes:
    """Return how XML writes what a reference that it does not know is meant to be."""
    character = html5.get(reference[1:].decode(errors="replace"))
    return escape(character, quote=False).encode() if character else b"&amp;" + reference[1:]
