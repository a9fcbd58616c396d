"""Which encoding of two bytes per character a text of East Asia is in, as its characters tell.

Bytes that mean something in one of them often do in others: rare characters, then. A text is in the
encoding in which nearly all are among those that its language is written with every day: the first
few thousand of its standard. Texts in EUC-KR and EUC-JP have only a part of the lead bytes that
such of Chinese have. Kana of half width, as banks write names, are single bytes that are letters
elsewhere, and tell nothing; the other characters of such a text do.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping

LOOKED_AT = 1 << 16
ENOUGH_CHARACTERS = 6
NEARLY_ALL, RARE, SOME = 0.9, 0.01, 0.05
SHIFTS = (b"\x1b$@", b"\x1b$B")  # by which ISO-2022-JP goes over to two bytes
REPLACED = "\ufffd"
KANA = range(0x3041, 0x30FF)
HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)
PUNCTUATION = (range(0x3000, 0x3020), range(0xFF01, 0xFF5F), range(0x2010, 0x2040))
HANGUL = range(0xAC00, 0xD7A4)


def east_asian(sample: bytes) -> str | None:
    """Return the encoding, None if the text is in none of them, or too little of it tells."""
    begin = sample[:LOOKED_AT]
    if any(shift in begin for shift in SHIFTS):
        return "iso2022_jp" if _characters(begin, "iso2022_jp") else None
    return next((name for name, fits in FITTING.items() if fits(begin)), None)


def _fits(
    encoding: str, is_common: Callable[[str], bool], mute: range = range(0)
) -> Callable[[bytes], bool]:
    """Return what tells whether nearly all characters of a text are common, but for `mute` ones."""

    def fits(sample: bytes) -> bool:
        text = "".join(each for each in _characters(sample, encoding) if ord(each) not in mute)
        return len(text) >= ENOUGH_CHARACTERS and _share(text, is_common) >= NEARLY_ALL

    return fits


def _characters(sample: bytes, encoding: str) -> str:
    """Return the characters that are not ASCII, nothing if they are few or have many errors."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    others = "".join(character for character in text if not character.isascii())
    is_bad = others.count(REPLACED) > RARE * len(others)
    return "" if is_bad or len(others) < ENOUGH_CHARACTERS else others


def _share(text: str, fits: Callable[[str], bool]) -> float:
    known = {character: fits(character) for character in set(text)}
    return sum(known[character] for character in text) / len(text)


def _is_punctuation(character: str) -> bool:
    return any(ord(character) in some for some in PUNCTUATION)


def _leads(encoding: str, first: int, last: int) -> Callable[[str], bool]:
    """Return what tells whether a character's first byte is one of these, or it is punctuation."""

    def is_led(character: str) -> bool:
        written = character.encode(encoding, errors="ignore")
        return _is_punctuation(character) or (written[:1] and first <= written[0] <= last) is True

    return is_led


def _is_japanese(character: str) -> bool:
    return ord(character) in KANA or _FIRST_KANJI(character)


def _is_korean(character: str) -> bool:
    return _is_punctuation(character) or (ord(character) in HANGUL and _KOREAN(character))


def _is_euc_jp(sample: bytes) -> bool:
    """Tell it from Chinese: by its kana, or as none of the later characters is in it."""
    text = _characters(sample, "euc_jp")
    if not text or _share(text, _is_japanese) < NEARLY_ALL:
        return False
    return _share(text, lambda character: ord(character) in KANA) >= SOME or not any(
        _LATER_CHINESE(character) for character in _characters(sample, "gb2312")
    )


_FIRST_KANJI = _leads("shift_jis", 0x88, 0x97)
_KOREAN = _leads("euc_kr", 0xB0, 0xC8)
_LATER_CHINESE = _leads("gb2312", 0xD0, 0xD7)
FITTING: Mapping[str, Callable[[bytes], bool]] = {
    "cp949": _fits("cp949", _is_korean),
    "cp932": _fits("cp932", _is_japanese, mute=HALF_WIDTH_KANA),
    "euc_jp": _is_euc_jp,
    "gb18030": _fits("gb18030", _leads("gb2312", 0xB0, 0xD7)),
    "cp950": _fits("cp950", _leads("big5", 0xA4, 0xC6)),
}
