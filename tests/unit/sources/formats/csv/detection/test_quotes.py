from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.quotes import (
    find_escape,
    likely_escapes,
    likely_quotes,
    settle_quote,
    told_of_open,
)
from sources.formats.csv.detection.reading import Marks, read_rows
from sources.formats.csv.detection.scoring import attempt


def escape_of(text: str, quote: str = '"') -> str | None:
    best = attempt(text, Marks(delimiter=",", quote=quote), cut=False)
    return find_escape(text, best)[0]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("a,b\n", ['"']),
        ('a,"b"\n', ['"', None]),
        ("'a','b'\n", ['"', "'"]),
        ("`a`,`b, c`\n", ['"', "`"]),
        ("a,O'Brien\nb,D'Arcy\n", ['"']),
        ("a,'tis so\n", ['"']),
    ],
)
def test_quotes_are_looked_for_around_fields(text: str, quotes: list[str | None]) -> None:
    assert likely_quotes(text, ",") == quotes


def test_a_backslash_is_tried_where_one_stands_before_a_mark() -> None:
    assert "\\" in likely_escapes('"a\\"b"', '"', ",")
    assert "\\" in likely_escapes("a\\,b", '"', ",")
    assert "\\" not in likely_escapes('"a\\b"', '"', ",")


def test_a_mark_that_opens_fields_and_closes_none_is_no_quote() -> None:
    text = '"Weird,a\n"Odd,b\n'
    assert settle_quote(text, attempt(text, Marks(delimiter=","), cut=False)) is None
    text = '"Weird",a\n'
    assert settle_quote(text, attempt(text, Marks(delimiter=","), cut=False)) == '"'


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ('id,name\n1,"Anna\n2,"Petr\n', True),
        ('id,name\n1,"Anna\n2,Petr\n', False),
        ('id,name\n1,"Heroes" (live)\n2,"Low" (live)\n', False),
        ('id,size\n1,5"\n2,7"\n', False),
    ],
)
def test_quotes_that_open_fields_and_close_none_are_told(text: str, is_told: bool) -> None:
    marks = Marks(delimiter=",", quote=None, escape=None)
    rows = read_rows(text, marks)
    assert (told_of_open(rows, marks, FileFormat()) != {}) is is_told
    assert told_of_open(rows, marks, FileFormat(quote="")) == {}
    found = detect(text.encode(), FileFormat(), frozenset(), complete=True)
    assert ("open_quotes" in found.evidence) is is_told


@pytest.mark.parametrize(
    ("rows", "quote"),
    [
        ('e@x.cz,"Eva",3\n"adam@x.cz,Adam,4\n', '"'),
        ('e@x.cz,"Eva",3\nadam@x.cz,"Ad"am,4\n', '"'),
        ('e@x.cz,"Eva",3\nadam@x.cz,"Ad"am,4\nivo@x.cz,"Iv"o,5\n', None),
        ('adam@x.cz,"Ad"am,4\n', '"'),
        ('adam@x.cz,"Adam,4\n', '"'),
        ('adam@x.cz,"Ad"am,4\nivo@x.cz,"Iv"o,5\n', None),
        ('"adam@x.cz,Adam,4"\n', '"'),
    ],
)
def test_one_row_with_a_quote_out_of_place_does_not_take_it_from_the_others(
    rows: str, quote: str | None
) -> None:
    text = "mail,name,age\n" + "p@x.cz,P,1\n" * 8 + rows + "q@x.cz,Q,2\n" * 8

    best = attempt(text, Marks(delimiter=",", quote=None, escape=None), cut=False)

    assert settle_quote(text, best) == quote


@pytest.mark.parametrize(
    ("text", "escape"),
    [
        ('a,b\n1,"x ""y"" z"\n', '"'),
        ('a,b\n1,"x \\"y\\" z"\n', "\\"),
        ('a,b\n1,"x \\"y\\", z"\n2,"\\"q\\""\n', "\\"),
        ('a,b\n1,"C:\\dir\\"\n2,"C:\\other\\"\n', '"'),
        ('a,b\n1,"say "hi" now"\n2,"5" pipe"\n', None),
        ('a,b\n1,"x"\n2,"a"b\n', '"'),
        ('a,b\n1,"x ""y"" z"\n2,"a "b" c"\n3,"d "e" f"\n', '"'),
        ('a,b\n1,"x ""y"" z"\n2,"5"" or 6"\n3,"x \\"y\\", z"\n', '"'),
        ('a,b\n1,"Eva" s\n2,"Jan"\n4,"Iva" t\n5,"Petr"\n', '"'),
        ('a,b\n1,"Eva\n2,"Jan"\n3,b\n4,"Iva\n5,"Petr"\n', '"'),
        ('a,b\n1,"say "hi"\nnow"\n2,"5" pipe"\n', None),
        ("a,b\n1,2\n", '"'),
        ("a,b\n1,x\\,y\n2,3\n4,5\n", "\\"),
        ("a,b\nC:\\dir\\,x\nD:\\dir\\,y\n", '"'),
    ],
)
def test_the_escape_is_what_makes_the_most_rows_fit(text: str, escape: str | None) -> None:
    assert escape_of(text) == escape


def test_without_quotes_there_is_no_escape() -> None:
    best = attempt("a,b\n", Marks(delimiter=",", quote=None), cut=False)
    assert find_escape("a,b\n", best) == (None, "there are no quotes")


@pytest.mark.parametrize(
    ("text", "escape"),
    [
        ('"0","\\"a\\"","x"\n"1","b c,"x"\n"2","\\"d\\"","x"\n"3","\\"e\\","x"\n', "\\"),
        ('1,"\\"a\\"",x\n2,"b"c,x\n3,"d"e,x\n4,"f \\"g\\" h",x\n5,"\\"i\\""j,x\n', "\\"),
        ('1,"C:\\a\\",x\n2,"C:\\b\\",x\n3,"C:\\d\\"e,x\n4,"f"g,x\n', '"'),  # paths
        ('1,{"a":"\\"b\\""}\n2,{"a":"c"}\n', '"'),  # not in quotes
    ],
)
def test_damaged_rows_in_few_do_not_make_backslashes_text(text: str, escape: str) -> None:
    assert escape_of(text) == escape


def test_a_damaged_row_does_not_make_backslashes_text() -> None:
    marked = '1,"say \\"a\\" to b"\n2,plain\n'
    assert escape_of(marked * 4 + '"3"x,damaged\n' + marked) == "\\"


def test_without_quotes_a_backslash_may_stand_before_delimiters() -> None:
    text = "1,x\\,y\n2,3\n4,5\n"
    best = attempt(text, Marks(delimiter=",", quote=None), cut=False)
    assert find_escape(text, best) == ("\\", "1 rows do not fit with no escape")


def test_marks_that_close_no_field_are_looked_through_a_few_times_at_most() -> None:
    text = '"a""b",\'c\' ' * 60_000 + "\n1,2\n"  # minutes, if once for each of them
    assert likely_quotes(text, ",") == ['"', None]


def test_the_backslash_of_a_path_before_a_delimiter_is_text() -> None:
    text = "id,path,size\n" + "1,C:\\dir\\x,5\n" * 4 + "2,\\\\host\\dir\\,7,\n"
    best = attempt(text, Marks(delimiter=","), cut=False)
    assert find_escape(text, best)[0] == '"'
    text = "id,path,size\n" + "1,\\N,5\n" * 4 + "2,a\\,b,7\n"
    best = attempt(text, Marks(delimiter=","), cut=False)
    assert find_escape(text, best)[0] == "\\"


def test_spaces_behind_closing_quotes_join_no_rows() -> None:
    text = "ip | call | code\n" + '7 | "GET /a"  | 404\n8 | "GET /bc" | 200\n' * 9
    best = attempt(text, Marks(delimiter=" | "), cut=False)
    assert find_escape(text, best)[0] == '"'


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ('"id","name"\n"1","Anna"\n"2","Bob"\n', '","'),
        ("'id','name'\n'1','Anna'\n'2','Bob'\n", "','"),
        ('id"name\n1"Anna\n2"Bob\n', '"'),
    ],
)
def test_a_mark_in_the_given_delimiter_is_no_quote(text: str, delimiter: str) -> None:
    found = detect(text.encode(), FileFormat(delimiter=delimiter), frozenset(), complete=True)
    assert (found.dialect.quote or b"-").decode() not in delimiter
    assert found.width == 2


def test_a_backslash_that_is_the_delimiter_escapes_nothing() -> None:
    text = 'id\\nr\\name\n1\\\\Anna\n2\\\\"Bob"\n3\\\\Cid\n'
    assert likely_escapes(text, '"', "\\") == likely_escapes("a", '"', ",")
    found = detect(text.encode(), FileFormat(delimiter="\\"), frozenset(), complete=True)
    assert found.dialect.escape == b'"'
