from __future__ import annotations

from sources.alphabets import ALPHABETS, RARE


def test_every_letter_is_in_an_encoding_of_its_alphabet() -> None:
    for alphabet in ALPHABETS:
        for letter in alphabet.letters:
            assert not letter.isascii()
            assert any(_has(encoding, letter) for encoding in alphabet.encodings), letter


def test_no_letter_is_named_twice() -> None:
    assert all(len(set(one.letters)) == len(one.letters) for one in ALPHABETS)


def test_what_is_rare_is_an_encoding_of_some_alphabet() -> None:
    assert {name for one in ALPHABETS for name in one.encodings} >= RARE


def _has(encoding: str, letter: str) -> bool:
    try:
        return bool(letter.encode(encoding))
    except UnicodeEncodeError:
        return False
