"""Which encoding of single bytes a text is in that is not UTF-8, as its words tell.

Each encoding turns the bytes into other characters. The text is in that one in which they are most
likely letters of one language, in their places: not capitals behind small letters, no signs between
letters, and no foreign letters. Quotes at the ends of words are as likely as letters. Windows-1252
is taken for granted unless another one is far more likely.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from math import log

from sources.alphabets import ALPHABETS, RARE, WINDOWS_1252, Alphabet

# Begun where a word begins, and nowhere inside of one: a megabyte of letters is looked at once.
WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*+")
LONE_EURO = re.compile(rb"(?<![A-Za-z\x80-\xff])\xa4(?![A-Za-z\x80-\xff])")
OF_WINDOWS = re.compile(rb"[\x80-\x9f]")
UNIT = re.compile(rb"[A-Za-z]{1,2}[\xaa\xb2\xb3\xb9\xba]")  # m², cm³, nº: those tell no language
MOST_WORDS, MOST_DIFFERENT, ENOUGH_WORDS = 5_000, 400, 3
LEAST_LETTERS = 2  # different ones beyond ASCII, where Windows-1252 makes sense too
MARGIN, MARGIN_OF_RARE = 4.0, 6.0  # natural logarithms of how much more likely it must be
FIRST_BEYOND_ASCII = 0x80
NEARLY_ALL, MOST = 0.9, 0.8  # of the characters are letters of the language
SIGNS_BEFORE = frozenset("“„‘«°¿¡±§£¥•–—\xa0×№µ")  # noqa: RUF001
SIGNS_INSIDE = frozenset("’‘–—´·\xa0\xad\u200e\u200f")  # noqa: RUF001
SIGNS_BEHIND = frozenset("”“’‘»…•–—\xa0°€£©®™²³½¼¾ºª\u200e\u200f")  # noqa: RUF001
QUOTES = frozenset("“”„«»")
OF_LETTERS, SIGN, QUOTE = 0.98, log(0.02), log(0.2)
FOREIGN_LETTER, NONSENSE = log(0.002), log(0.0003)
CAPITAL_BEHIND_SMALL, OTHER_SCRIPT_BESIDE = log(0.03), log(0.06)
# How alike letters are in frequency: those of a language beyond ASCII, and of a whole alphabet.
FLATNESS, FLATNESS_OF_MANY = 3.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """How likely a text is in an encoding and a language, and which share of it fits."""

    encoding: str
    likelihood: float
    fitting: float


def code_page(sample: bytes) -> tuple[str, bool]:
    """Return the encoding, and whether the words make sense in it."""
    words = _words(sample)
    places = Counter(
        (word[i - 1 : i], word[i : i + 1], word[i + 1 : i + 2])
        for word in words
        for i, byte in enumerate(word)
        if byte >= FIRST_BEYOND_ASCII
    )
    readings = [
        _reading(places, alphabet, encoding)
        for alphabet in ALPHABETS
        for encoding in alphabet.encodings
    ]
    usual = [reading for reading in readings if reading.encoding == WINDOWS_1252]
    best = max(readings, key=_likelihood)
    makes_sense = max(reading.fitting for reading in usual) >= MOST
    if best.likelihood <= max(reading.likelihood for reading in usual) + MARGIN:
        return (_western(sample) if makes_sense else WINDOWS_1252), makes_sense
    least = LEAST_LETTERS if makes_sense else 1
    is_told = len(words) >= ENOUGH_WORDS and _count_letters(places, best.encoding) >= least
    return (
        (best.encoding, True) if is_told and best.fitting >= NEARLY_ALL else (WINDOWS_1252, False)
    )


def _western(sample: bytes) -> str:
    """Return Latin-9 where its euro stands by itself, which nobody means by what else it is."""
    is_latin_9 = LONE_EURO.search(sample) is not None and not OF_WINDOWS.search(sample)
    return "iso8859-15" if is_latin_9 else WINDOWS_1252


def _words(sample: bytes) -> list[bytes]:
    """Return different words, no single signs nor units: what is repeated tells nothing new."""
    found: Iterable[re.Match[bytes]] = islice(WORD.finditer(sample), MOST_WORDS)
    words = dict.fromkeys(match.group() for match in found)
    return [word for word in words if len(word) > 1 and not UNIT.fullmatch(word)][:MOST_DIFFERENT]


def _count_letters(places: Mapping[tuple[bytes, bytes, bytes], int], encoding: str) -> int:
    """Return how many different letters beyond ASCII there are, read so."""
    characters = _characters(encoding)
    return len({byte for _, byte, _ in places if characters[byte[0]].isalpha()})


def _likelihood(reading: _Reading) -> float:
    return reading.likelihood


def _reading(
    places: Mapping[tuple[bytes, bytes, bytes], int], alphabet: Alphabet, encoding: str
) -> _Reading:
    """Return how likely bytes between others, so often each, are letters of the alphabet."""
    characters, letters = _characters(encoding), _letters(alphabet)
    likelihood, fitting = -(MARGIN_OF_RARE - MARGIN) if encoding in RARE else 0.0, 0
    for (before, byte, behind), count in places.items():
        first, character, last = (
            characters[part[0]] if part else "" for part in (before, byte, behind)
        )
        own = letters.get(character) or letters.get(character.lower())
        beside = _beside(first, character, last, is_latin=alphabet.is_latin)
        is_own = own is not None and (
            beside == 0 or beside == OTHER_SCRIPT_BESIDE * alphabet.is_latin
        )
        fitting += count * (is_own or _is_sign(first, character, last))
        likelihood += count * ((own or _of_other(first, character, last)) + beside)
    total = sum(places.values())
    return _Reading(
        encoding=encoding, likelihood=likelihood, fitting=fitting / total if total else 1.0
    )


@cache
def _characters(encoding: str) -> str:
    codec = "cp1252" if encoding == WINDOWS_1252 else encoding
    return bytes(range(256)).decode(codec, errors="replace")


@cache
def _letters(alphabet: Alphabet) -> Mapping[str, float]:
    """Return how likely each letter is, as its place among them tells."""
    is_short = alphabet.is_latin and not alphabet.is_mixed
    flatness = FLATNESS if is_short else FLATNESS_OF_MANY
    weights = [1 / (place + flatness) for place in range(len(alphabet.letters))]
    return {
        letter: log(OF_LETTERS * weight / sum(weights))
        for letter, weight in zip(alphabet.letters, weights, strict=True)
    }


def _of_other(first: str, character: str, last: str) -> float:
    """Return how likely a character is that is no letter of the alphabet."""
    if character.isalpha():
        return FOREIGN_LETTER
    if not _is_sign(first, character, last):
        return NONSENSE
    return QUOTE if character in QUOTES else SIGN


def _is_sign(first: str, character: str, last: str) -> bool:
    """Tell whether a sign stands where it may, before, inside or behind a word."""
    if not last.isalpha():
        return character in SIGNS_BEHIND
    return character in (SIGNS_INSIDE if first.isalpha() else SIGNS_BEFORE)


def _beside(first: str, character: str, last: str, *, is_latin: bool) -> float:
    """Return how likely a letter is between its neighbours."""
    if not character.isalpha():
        return 0.0
    found = 0.0
    if first.islower() and character.isupper():
        found += CAPITAL_BEHIND_SMALL
    if character.islower() and last.isascii() and last.isupper():
        found += CAPITAL_BEHIND_SMALL
    if first.isalpha() and first.isascii() != is_latin:
        found += OTHER_SCRIPT_BESIDE
    if last.isalpha() and last.isascii() and not is_latin:
        found += OTHER_SCRIPT_BESIDE
    return found
