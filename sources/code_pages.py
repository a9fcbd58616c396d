"""Which encoding of single bytes a text is in that is not UTF-8, as its words tell.

Windows-1252 is taken for granted unless it makes nonsense of most words: signs between letters,
capitals behind small letters. Only if another encoding makes sense of nearly all of them it is that
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

WINDOWS_1252 = "windows-1252"
WESTERN = ("cp850", "mac-roman")  # cp437 has the same letters as cp850 where words need them
CYRILLIC = ("cp1251", "koi8-r", "cp866")
FREQUENT = frozenset("оеаинтсрвл")
MIXED = re.compile(rb"[A-Za-z\x80-\xff]*[A-Za-z][\x80-\xff]+[A-Za-z][A-Za-z\x80-\xff]*")
FOREIGN = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]{2,}(?![A-Za-z\x80-\xff])")
MOST_WORDS = 5_000
ENOUGH_WORDS = 3
NEARLY_ALL, OFTEN = 0.9, 0.5
SIGNS_IN_WORDS = str.maketrans("", "", "\u2019\u2018\u2013\u2014\u00ad")  # as in names and spans


def code_page(sample: bytes) -> tuple[str, bool]:
    """Return the encoding, and whether the words make sense in it."""
    words = _words(MIXED, sample)
    if len(words) >= ENOUGH_WORDS and _sense(words, WINDOWS_1252) < OFTEN:
        return _best(words, WESTERN) or (WINDOWS_1252, False)
    foreign = _words(FOREIGN, sample)
    if len(foreign) >= max(ENOUGH_WORDS, len(words)):
        frequent = (name for name in CYRILLIC if _frequent(foreign, name) > OFTEN)
        return _best(foreign, tuple(frequent)) or (WINDOWS_1252, False)
    return WINDOWS_1252, True


def _words(pattern: re.Pattern[bytes], sample: bytes) -> Sequence[bytes]:
    found: Iterable[re.Match[bytes]] = islice(pattern.finditer(sample), MOST_WORDS)
    return [match.group() for match in found]


def _best(words: Sequence[bytes], encodings: Sequence[str]) -> tuple[str, bool] | None:
    """Return the first of the encodings in which most of the words make sense, if nearly all do."""
    best = max(encodings, key=lambda name: _sense(words, name), default=None)
    if best is None or _sense(words, best) < NEARLY_ALL:
        return None
    return best, True


def _sense(words: Sequence[bytes], encoding: str) -> float:
    """Return the share of words that are letters, small ones behind the first or none."""
    texts = (word.decode(encoding, errors="replace").translate(SIGNS_IN_WORDS) for word in words)
    sensible = sum(
        text.isalpha() and (text[1:].islower() or text.isupper() or len(text) == 1)
        for text in texts
    )
    return sensible / len(words)


def _frequent(words: Sequence[bytes], encoding: str) -> float:
    """Return the share of letters that are frequent in languages with Cyrillic letters."""
    text = b"".join(words).decode(encoding, errors="replace").lower()
    return sum(letter in FREQUENT for letter in text) / len(text)
