from __future__ import annotations

import pytest

from sources.code_pages import code_page

GERMAN = "id;Straße;Größe\n1;Müller-Lüdenscheidt;weiß, öffentlich\n2;König Österreich;Gemüse\n"
FRENCH = "nom;été\nGérard;à la crème brûlée\nFrançois;forêt, même, très\nHélène;déjà là\n"
SPANISH = "año;niño\nEspaña;corazón, más allá\nMálaga;señor, también, aquí, según\n"
RUSSIAN = "город;улица\nМосква;Тверская\nСанкт-Петербург;Невский проспект, дом 5\n"  # noqa: RUF001


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, "windows-1252") for text in (GERMAN, FRENCH, SPANISH)),
        *((text, "cp850") for text in (GERMAN, FRENCH, SPANISH)),
        *((text, "mac-roman") for text in (GERMAN, FRENCH)),
    ],
)
def test_western_words_tell_their_encoding(text: str, encoding: str) -> None:
    assert code_page(text.encode(encoding)) == (encoding, True)


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH])
def test_letters_of_cp437_are_those_of_cp850(text: str) -> None:
    sample = text.encode("cp437")
    assert sample.decode(code_page(sample)[0]) == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_cyrillic_words_tell_their_encoding(encoding: str) -> None:
    assert code_page(RUSSIAN.encode(encoding)) == (encoding, True)


@pytest.mark.parametrize(
    "text",
    [
        "caf\u00e9",
        "It\u2019s \u201cfine\u201d, isn\u2019t it? We\u2019ll see, don\u2019t you\n" * 9,
        "5 \u00b0C;10 \u20ac;\u00bd;\u00a7 3;\u00a9 ACME\n" * 9,
        "\u201eGr\u00f6\u00dfe\u201c;1\u20132;S\u00e3o Paulo;NA\u00cfVE;M\u00dcLLER\n" * 9,
    ],
)
def test_windows_1252_is_taken_for_granted(text: str) -> None:
    assert code_page(text.encode("cp1252")) == ("windows-1252", True)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("東京都港区,名前,大阪府\n" * 9, "shift_jis"), ("北京市,名字,价格\n" * 9, "gbk")],
)
def test_words_that_make_no_sense_are_told(text: str, encoding: str) -> None:
    assert code_page(text.encode(encoding)) == ("windows-1252", False)
