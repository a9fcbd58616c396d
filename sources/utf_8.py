"""What the bytes of a text say about UTF-8 and its wider kin, whatever anybody says."""

from __future__ import annotations

import codecs

UTF_8 = "utf-8"
MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
REPLACED = "\ufffd"
WIDE = ("utf-16", "utf-32")
CLEARLY = 3  # characters; fewer may look like UTF-8 by chance


def utf_8_in(sample: bytes) -> tuple[int, int]:
    """Return how many characters beyond ASCII are UTF-8, and how many bytes are not."""
    decoder = codecs.getincrementaldecoder(UTF_8)(errors="replace")
    text = decoder.decode(sample)  # a character cut at the end of the sample stays inside
    bad = text.count(REPLACED) - sample.count(REPLACED.encode())
    return len(text) - bad - len(text.encode("ascii", errors="ignore")), bad


def contradiction(sample: bytes, encoding: str) -> str:
    """Return what speaks clearly against a given `encoding`, empty if nothing does.

    It is the byte order mark of another one, characters beyond ASCII that are all UTF-8, or no zero
    byte where each ASCII character has some.
    """
    marked = [(mark, each) for mark, each in MARKS if sample.startswith(mark)]
    if marked:
        is_own = any(encoding == each for _, each in marked)
        return "" if is_own else f"it begins with the byte order mark of {marked[0][1]}"
    if encoding.startswith(WIDE):
        return "no byte is zero" if sample and 0 not in sample else ""
    good, bad = (0, 0) if encoding == UTF_8 else utf_8_in(sample)
    return f"all {good} characters beyond ASCII are UTF-8" if good >= CLEARLY and not bad else ""
