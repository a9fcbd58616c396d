from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.faults import FaultCode
from definitions.model import RecordEnd
from sources.formats.csv import whole_row
from sources.formats.csv.detection.columns import Trait
from sources.formats.csv.detection.kinds import Kind
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.repair import (
    BACKSLASHED,
    NONE_BEFORE_QUOTE,
    NONE_BEHIND_QUOTE,
    QUOTE_IS_MISSING,
    SPACES_LEFT_OUT,
    repair,
)
from sources.formats.csv.row_parser import ParsedRow, parse_row
from sources.formats.csv.row_terms import RowTerms

FEW, MANY = FaultCode.TOO_FEW_FIELDS, FaultCode.TOO_MANY_FIELDS
STRAY, UNCLOSED = FaultCode.STRAY_QUOTE, FaultCode.UNCLOSED_QUOTE
AS_TEXT = "the quotes in it are read as text"
ONE_AS_TEXT = "a quote in it is read as text"
PADDED, CUT = "the missing cells are empty", "the surplus is left out"


def terms_of(width: int = 3, dialect: Dialect | None = None) -> RowTerms:
    return RowTerms(file="f.csv", dialect=dialect or Dialect(record_end=RecordEnd.LF), width=width)


@pytest.mark.parametrize(
    ("content", "code", "fields", "how"),
    [
        (b"1,2", FEW, [b"1", b"2", b""], PADDED),
        (b'"1\n2"', FEW, [b"1\n2", b"", b""], PADDED),
        (b"a b,d e,f,,", MANY, [b"a b", b"d e", b"f"], CUT),
        (b"1,2,3,4,5", MANY, [b"1", b"2", b"3"], CUT),
        (b"1,2,3\r", MANY, [b"1", b"2", b"3\r"], ""),
        (b"1;2;3", FEW, [b"1", b"2", b"3"], "it is read with ';' between fields"),
        (b"1,5\t2,5\t3,5", MANY, [b"1,5", b"2,5", b"3,5"], "it is read with '\\t' between fields"),
        (b'1;"2;";3', FEW, [b"1", b"2;", b"3"], "it is read with ';' between fields"),
        (b"1;2|3;4|5", FEW, [b"1;2|3;4|5", b"", b""], PADDED),
        (b'1,"say "hi" now, ok",x', STRAY, [b"1", b'say "hi" now, ok', b"x"], AS_TEXT),
        (b'1,""a 5"" pipe, ok",x', STRAY, [b"1", b'"a 5" pipe, ok', b"x"], AS_TEXT),
        (b'1,""a, 5""",x', STRAY, [b"1", b'"a, 5"', b"x"], AS_TEXT),
        (b'"1"x,2,3', STRAY, [b"1x", b"2", b"3"], "the text is read as part of the field"),
        (b'"1"x,2', STRAY, [b"1", b"x", b"2"], NONE_BEHIND_QUOTE),
        (b'1,"2"3",4,5', STRAY, [b"1", b'2"3', b"4"], CUT),
        (b'1,"2"",3', UNCLOSED, [b"1", b'2"', b"3"], ONE_AS_TEXT),
        (b'"1,"2"",3', UNCLOSED, [b'"1', b'2"', b"3"], AS_TEXT),
        (b'1,"2,3', UNCLOSED, [b"1", b'"2', b"3"], ONE_AS_TEXT),
        (b'"1,2,"3, 4"', STRAY, [b'"1', b"2", b"3, 4"], ONE_AS_TEXT),
        (b'"1,"2, 3",4', STRAY, [b'"1', b"2, 3", b"4"], ONE_AS_TEXT),
        (b'1,"2,3"', FEW, [b"1", b"2,3", b""], PADDED),
        (b'1,"2;3",4,5', MANY, [b"1", b"2;3", b"4"], CUT),
        (b"1,'2, 3',4", MANY, [b"1", b"2, 3", b"4"], 'it is read with "\'" around fields'),
        (b"1,'2',3,4", MANY, [b"1", b"'2'", b"3"], CUT),
        (b'1,"2', UNCLOSED, [b"1", b'"2', b""], PADDED),
        (b'1,  "2, 3"  ,4', MANY, [b"1", b"2, 3", b"4"], SPACES_LEFT_OUT),
        (b'1, "2, 3", 4', MANY, [b"1", b"2, 3", b" 4"], SPACES_LEFT_OUT),
        (b'"1" ,"2, 3",4', STRAY, [b"1", b"2, 3", b"4"], SPACES_LEFT_OUT),
        (b'1,"say \\"hi\\", ok",4', STRAY, [b"1", b'say "hi", ok', b"4"], BACKSLASHED),
        (b'"a, b"2,"3, 4"', STRAY, [b"a, b", b"2", b"3, 4"], NONE_BEHIND_QUOTE),
        (b'"a, b""2","3, 4"', FEW, [b"a, b", b"2", b"3, 4"], NONE_BEHIND_QUOTE),
        (b'a b"c","d"', FEW, [b"a b", b"c", b"d"], NONE_BEFORE_QUOTE),
        (b'1,a b"c, d, e, f"', MANY, [b"1", b"a b", b"c, d, e, f"], NONE_BEFORE_QUOTE),
        (b'1,a "c, d, e, f"', MANY, [b"1", b'a "c', b" d"], CUT),
        (b'"a", b",2,3', MANY, [b'a", b', b"2", b"3"], ONE_AS_TEXT),
        (b'1,"2, 3"",4', UNCLOSED, [b"1", b'2, 3"', b"4"], ONE_AS_TEXT),
        (b'1,"2, 3,"4, 5"', STRAY, [b"1", b"2, 3", b"4, 5"], QUOTE_IS_MISSING),
        (b'1,2, 3",4', MANY, [b"1", b"2, 3", b"4"], QUOTE_IS_MISSING),
        (b"1,it's,2,'x',5", MANY, [b"1", b"it's", b"2"], CUT),
        (b"1||2||3", FEW, [b"1", b"2", b"3"], "it is read with '||' between fields"),
        (b"New York City", FEW, [b"New", b"York", b"City"], "it is read with ' ' between fields"),
        (b"New York,is big", FEW, [b"New York", b"is big", b""], PADDED),
        (b"1,,2,3", MANY, [b"1", b"2", b"3"], "an empty cell too many is left out"),
    ],
)
def test_a_row_is_read_as_well_as_can_be(
    content: bytes, code: FaultCode, fields: list[bytes], how: str
) -> None:
    found = repair(content, code, terms_of())
    assert (found.fields, found.how) == (fields, how)


def test_a_row_that_ends_with_an_escape_is_read_as_if_there_were_none() -> None:
    dialect = Dialect(escape=b"\\")
    assert repair(b"1,2,3\\", UNCLOSED, terms_of(3, dialect)).fields == [b"1", b"2", b"3\\"]


def test_a_row_in_which_an_escape_takes_a_delimiter_is_read_without_escapes() -> None:
    found = repair(b"1,C:\\dir\\,3", FEW, terms_of(3, Dialect(escape=b"\\")))
    assert found.fields == [b"1", b"C:\\dir\\", b"3"]
    assert found.how == "the escapes in it are read as text"


def test_a_row_in_which_one_of_two_quotes_may_be_text_is_cut() -> None:
    assert repair(b'"1,"2,3,"4', UNCLOSED, terms_of(2)).how == CUT


def test_a_delimiter_that_is_the_quote_is_not_tried() -> None:
    dialect = Dialect(quote=b"|", escape=b"|")
    assert repair(b"1|2|3", FEW, terms_of(3, dialect)).how == PADDED


def test_quotes_around_all_of_a_row_are_left_out_if_that_sets_it_right() -> None:
    terms = RowTerms(file="f", dialect=Dialect(), width=3)
    repaired = repair(b'"1,""a,b"",2"', FaultCode.TOO_FEW_FIELDS, terms)
    assert repaired.fields == [b"1", b"a,b", b"2"]
    assert repaired.how == "the quotes around all of it are left out"
    assert repair(b'"1,2"', FaultCode.TOO_FEW_FIELDS, terms).fields == [b"1,2", b"", b""]


WORDS, NUMBER = Trait(kind=None, is_full=True), Trait(kind=Kind.NUMBER, is_full=True)
LOOSE = Trait(kind=None, is_full=False)


@pytest.mark.parametrize(
    ("content", "code", "fields"),
    [
        (b"7,Anna,,,12", MANY, [b"7", b"Anna", b"", b"12"]),
        (b"7,,Anna,,12", MANY, [b"7", b"Anna", b"", b"12"]),
        (b"7,Doe, Anna,x,12", MANY, [b"7", b"Doe, Anna", b"x", b"12"]),
        (b"7,Anna,12", FEW, [b"7", b"Anna", b"", b"12"]),
        (b"7,Anna", FEW, [b"7", b"Anna", b"", b""]),
        (b"7:Anna:x:12", FEW, [b"7", b"Anna", b"x", b"12"]),
        (b"at 10:30:15 and 12:10", FEW, [b"at 10:30:15 and 12:10", b"", b"", b""]),
        (b"sum of all rows", FEW, [b"sum of all rows", b"", b"", b""]),
        (b"7,a,b,c,d,12", MANY, [b"7", b"a", b"b,c,d", b"12"]),
        (b"7,a,b,c,d", MANY, [b"7", b"a", b"b", b"c"]),
        (b"7,a,x,12,", MANY, [b"7", b"a", b"x", b"12"]),
    ],
)
def test_what_columns_hold_tells_where_cells_belong(
    content: bytes, code: FaultCode, fields: list[bytes]
) -> None:
    known = replace(terms_of(4), traits=(NUMBER, WORDS, LOOSE, NUMBER))
    assert repair(content, code, known).fields == fields


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"7,Doe, A.,12,", [b"7", b"Doe, A.", b"12", b""]),
        (b"7,,Doe,12,", [b"7", b"Doe", b"12", b""]),
        (b"7,Doe,12,,,", [b"7", b"Doe", b"12", b""]),
    ],
)
def test_an_empty_last_cell_hides_no_delimiter_too_many(
    content: bytes, fields: list[bytes]
) -> None:
    known = replace(terms_of(4), traits=(NUMBER, WORDS, NUMBER, LOOSE))
    assert repair(content, MANY, known).fields == fields


def test_a_part_of_a_delimiter_that_is_there_parts_no_fields() -> None:
    several = terms_of(dialect=Dialect(delimiter=b"||", record_end=RecordEnd.LF))
    assert repair(b"1||2", FEW, several).fields == [b"1", b"2", b""]
    assert repair(b"1|2|3", FEW, several).fields == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("content", "code", "times"),
    [
        (b'1,"a,b\n1,"a,b', STRAY, 1),
        (b'1,"a"b,c', STRAY, 1),
        (b'"\n"', FEW, 1),
        (b'1,"a"', FEW, 1),
        (b"1,2,3,4", MANY, 1),
        (b'1,"2,3', UNCLOSED, 2),
    ],
)
def test_a_row_is_read_once_or_twice(
    content: bytes, code: FaultCode, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []

    def counted(line: bytes, start: int, dialect: Dialect, most: int) -> ParsedRow | None:
        read.append(line)
        return parse_row(line, start, dialect, most)

    monkeypatch.setattr(whole_row, "parse_row", counted)
    repair(content, code, terms_of())
    assert len(read) == times
