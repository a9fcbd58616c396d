from __future__ import annotations

import pytest

from sources.code_pages import code_page

GERMAN = "id;Straße;Größe\n1;Müller-Lüdenscheidt;weiß, öffentlich\n2;König Österreich;Gemüse\n"
FRENCH = "nom;été\nGérard;à la crème brûlée\nFrançois;forêt, même, très\nHélène;déjà là\n"
SPANISH = "año;niño\nEspaña;corazón, más allá\nMálaga;señor, también, aquí, según\n"


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


FAR = {
    "1;Łukasz Wójcik;Gdańsk\n2;Małgorzata Dąbrowska;Łódź\n3;Żaneta;Częstochowa\n": (
        "cp1250",
        "iso8859-2",
        "cp852",
    ),
    "1;Jiří Dvořák;Plzeň\n2;Božena Němcová;Ústí\n3;Růžena;Kroměříž\n": (
        "cp1250",
        "iso8859-2",
        "cp852",
    ),
    "1;Erdős;Győr\n2;Szűcs Gergő;Székesfehérvár\n3;Nagy;Kőszeg;Fűzfő\n": ("cp1250",),
    "1;Šime Božić;Čakovec\n2;Đurđa Lučić;Šibenik\n3;Žarko;Križevci\n": ("cp1250", "iso8859-2"),
    "1;Ştefan;Braşov\n2;Ioniţă;Bucureşti\n3;Mureşan;Piteşti;Târgovişte\n": ("cp1250",),
    "1;Москва;Тверская\n2;Санкт-Петербург;Невский проспект\n": (
        "cp1251",
        "koi8-r",
        "cp866",
        "mac-cyrillic",
    ),
    "1;Київ;Хрещатик\n2;Харків;Сумська\n3;Чернівці;Європейська\n": ("cp1251", "koi8-u"),
    "1;Αθήνα;Γιώργος Παπαδόπουλος\n2;Θεσσαλονίκη;Ελένη\n": ("cp1253", "iso8859-7"),
    "1;Işık Yılmaz;İstanbul\n2;Ayşe Çağlar;Muğla\n3;Gökçe Şahin;Diyarbakır\n": (  # noqa: RUF001
        "cp1254",
        "cp857",
    ),
    "1;Jonas Žukauskas;Šiauliai\n2;Rūta Petrauskienė;Panevėžys\n3;Ąžuolas;Kėdainiai\n": ("cp1257",),
    "1;ירושלים;דוד כהן\n2;תל אביב;שרה לוי\n": ("cp1255",),
    "1;القاهرة;محمد علي\n2;الرياض;فاطمة الزهراء\n": ("cp1256", "iso8859-6"),
    "1;กรุงเทพ;สมชาย\n2;เชียงใหม่;สมหญิง\n": ("cp874",),
}


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, name) for text, names in FAR.items() for name in names]
)
def test_words_of_a_few_rows_tell_their_encoding(text: str, encoding: str) -> None:
    found, makes_sense = code_page(text.encode(encoding))
    assert (text.encode(encoding).decode(found), makes_sense) == (text, True)


WEST = [
    "1;Müller;Köln\n2;Peña;Málaga\n3;Søren;Ærø\n4;François;Orléans\n5;João;Reykjavík\n",
    "1;Þórður;Ísafjörður\n2;Guðmundsdóttir;Höfn\n3;Ægir;ýsa\n",
    "città;perché;più;così\nlunedì;università;è;può\n",
    "seções;condições;aviões;limões\n",
    "ÉLECTRICITÉ;FRANÇOIS;CRÈME BRÛLÉE\nÀ LA CARTE;NOËL;FORÊT\n",
    "1;Tõnu;Võru\n2;Üllar;Pärnu\n3;Õie;Jõgeva\n",
    "août;coût;sûr;dû;goût;flûte\n",
    "Ø25 mm;±0,5;µm;°C\nØ30;±1;m²;€ 5;5 €;£\n" * 30,
]


@pytest.mark.parametrize("text", WEST)
def test_western_words_are_never_taken_for_others(text: str) -> None:
    assert code_page(text.encode("cp1252"))[0] == "windows-1252"


def test_what_is_repeated_is_one_word() -> None:
    assert code_page("Novák;Dvořák\n".encode("cp1250") * 999)[0] == "windows-1252"


@pytest.mark.parametrize(
    "text",
    [
        "caf\u00e9",
        "It\u2019s \u201cfine\u201d, isn\u2019t it? We\u2019ll see, don\u2019t you\n" * 9,
        "1;He said \u201cyes\u201d to it\n2;\u201cno\u201d\n3;\u201cgood\u201d\n",
        "1,\u201cd, e\u201d\n2,\u201cf, g\u201d\n3,\u201ch, i\u201d\n4,\u201cj, k\u201d\n",
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


def test_a_lone_euro_of_latin_9_tells_it() -> None:
    text = "Preis;Größe\n5,50 €;groß\n"
    assert code_page(text.encode("iso8859-15")) == ("iso8859-15", True)
    assert code_page(text.encode("cp1252")) == ("windows-1252", True)


@pytest.mark.parametrize(
    "text",
    ["cm³;m²\nµg/m³;x¹\n", "nº;Acme®;Foo™\nNº;Bar©\n", "João;mãe;nº\n"],
)
def test_units_tell_no_language(text: str) -> None:
    assert code_page(text.encode("cp1252"))[0] == "windows-1252"


def test_a_megabyte_of_letters_is_looked_at_once() -> None:
    assert code_page(b"a" * (1 << 20) + b" caf\xe9")[0] == "windows-1252"  # it took hours
