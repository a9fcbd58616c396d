from __future__ import annotations

import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.quoting import Quoting, Reading, countable_until
from sources.formats.csv.structural_index import index_structure

DOUBLED = Dialect(record_end=RecordEnd.LF)
ESCAPED = Dialect(record_end=RecordEnd.LF, escape=b"\\")
UNMARKED = Dialect(record_end=RecordEnd.LF, escape=None)


def reading_of(text: bytes, dialect: Dialect, *, inside: bool = False) -> Reading:
    return Quoting(index_structure(text, dialect)).read(inside=inside)


def in_turn(text: bytes, dialect: Dialect) -> bool:
    return countable_until(index_structure(text, dialect), 0) == len(text)


def shown(text: bytes, places: list[int]) -> str:
    """Return `text` with a `^` in the place of every byte in `places`."""
    return "".join("^" if i in places else chr(byte) for i, byte in enumerate(text))


@pytest.mark.parametrize(
    ("text", "until"),
    [
        (b'"a","b"\n"c"\r\n', None),
        (b'"a""b",c\n', None),
        (b'"","",""\n', None),
        (b'"a"', None),
        (b'"a"\r', None),
        (b'"a\n', None),
        (b"a\n", None),
        (b'x,15" wide\n', 4),
        (b'"a"b\n', 2),
        (b'"a"\rb\n', 2),
        (b'"a" "b"\n', 2),
        (b'a""b\n', 1),
        (b'"a","b"c"\n', 6),
    ],
)
def test_quotes_can_be_counted_up_to_the_first_out_of_turn(text: bytes, until: int | None) -> None:
    found = countable_until(index_structure(text, DOUBLED), 0)
    assert found == (len(text) if until is None else until)


def test_quotes_are_counted_from_a_border_on() -> None:
    assert countable_until(index_structure(b'a"b\n"c"\n', DOUBLED), 4) == 8


@pytest.mark.parametrize("dialect", [ESCAPED, Dialect(delimiter=b"||")])
def test_quotes_cannot_be_counted_where_there_are_escapes_or_long_delimiters(
    dialect: Dialect,
) -> None:
    assert countable_until(index_structure(b'\\\\\n"c"\n', dialect), 3) == 3


@pytest.mark.parametrize("dialect", [ESCAPED, UNMARKED])
def test_doubled_quotes_are_in_turn_only_where_quotes_are_doubled(dialect: Dialect) -> None:
    assert in_turn(b'"a",""\n', dialect)
    assert not in_turn(b'"a""b"\n', dialect)


def test_a_carriage_return_is_a_border_where_it_ends_rows() -> None:
    text = b'"a"\r"b"\r'
    assert not in_turn(text, DOUBLED)
    assert in_turn(text, Dialect())


@pytest.mark.parametrize(
    ("dialect", "text", "toggles"),
    [
        (DOUBLED, b'a,"b,""c"d,"e"\n', "a,^b,^^c^d,^e^\n"),  # what `quoting` shows
        (DOUBLED, b'15" x,"a,b"\n', '15" x,^a,b^\n'),
        (DOUBLED, b'a""b,"c""d",""""\n', 'a""b,^c^^d^,^^^^\n'),
        (DOUBLED, b'"a"b,"c"\n', "^a^b,^c^\n"),
        (DOUBLED, b'"a"b"c,d\n', '^a^b"c,d\n'),
        (DOUBLED, b'"a,"b\n"c"\n', "^a,^b\n^c^\n"),
        (ESCAPED, b'"a\\"b","c"\n', '^a\\"b^,^c^\n'),
        (ESCAPED, b'\\"a,"b"\n', '\\"a,^b^\n'),
        (ESCAPED, b'"a\\\\",b""\n', '^a\\\\^,b""\n'),
        (ESCAPED, b'"a""b"\n', '^a^"b"\n'),
        (UNMARKED, b'"a"b","c"\n', '^a"b^,^c^\n'),
        (UNMARKED, b'"a""b,"",c\n', '^a""b,"^,c\n'),
        (UNMARKED, b'x"y,",",z\n', 'x"y,^,^,z\n'),
        (UNMARKED, b'"x\n"a"\n', "^x\n^a^\n"),
    ],
)
def test_a_quote_toggles_by_what_it_stands_behind_and_before(
    dialect: Dialect, text: bytes, toggles: str
) -> None:
    assert shown(text, reading_of(text, dialect).toggles.tolist()) == toggles


@pytest.mark.parametrize(
    ("delimiter", "text", "toggles"),
    [
        (b"||", b'"a||b"||"c"d\n', "^a||b^||^c^d\n"),
        (b"||", b'a|||"b"||c\n', 'a|||"b"||c\n'),
        (b", ", b'"a", "b",c\n', "^a^, ^b^,c\n"),
    ],
)
def test_fields_begin_and_end_at_long_delimiters(
    delimiter: bytes, text: bytes, toggles: str
) -> None:
    dialect = Dialect(delimiter=delimiter, record_end=RecordEnd.LF)
    assert shown(text, reading_of(text, dialect).toggles.tolist()) == toggles


@pytest.mark.parametrize(
    ("dialect", "text", "strays"),
    [
        (DOUBLED, b'"a"b,"c""d" \n"e"\n', '"a^b,"c""d^ \n"e"\n'),
        (DOUBLED, b'15" x,"a,b"\n', '15" x,"a,b"\n'),
        (ESCAPED, b'"a""b"\n', '"a^"b"\n'),
        (UNMARKED, b'"a"b"\n', '"a"b"\n'),
    ],
)
def test_a_closing_quote_with_text_behind_it_is_stray(
    dialect: Dialect, text: bytes, strays: str
) -> None:
    assert shown(text, reading_of(text, dialect).strays.tolist()) == strays


@pytest.mark.parametrize(
    ("dialect", "text", "toggles"),
    [
        (DOUBLED, b'a"",b""","c"\nd",e\n', "a^^,b^^^,^c^\nd^,e\n"),
        (ESCAPED, b'a\\"b",c\n"d"\n', 'a\\"b^,c\n^d"\n'),
        (UNMARKED, b'a"b",c\n"d"\n', 'a"b^,c\n"d^\n'),
    ],
)
def test_a_line_that_begins_inside_quotes_is_read_as_such(
    dialect: Dialect, text: bytes, toggles: str
) -> None:
    assert shown(text, reading_of(text, dialect, inside=True).toggles.tolist()) == toggles


def test_delimiters_and_line_ends_are_told_by_what_a_line_begins_with() -> None:
    text = b'a,b\n"a,b\n,"\n'
    outside_first, inside_first = (reading_of(text, DOUBLED, inside=i) for i in (False, True))
    assert shown(text, outside_first.delimiters.tolist()) == 'a^b\n"a,b\n^"\n'
    assert outside_first.open_ends.tolist() == [False, True, True]
    assert shown(text, inside_first.delimiters.tolist()) == 'a,b\n"a^b\n,"\n'
    assert inside_first.open_ends.tolist() == [True, False, False]


def test_quotes_can_be_counted_up_to_the_first_remark_that_has_some() -> None:
    dialect = Dialect(record_end=RecordEnd.LF, remark=b"//", remark_is_given=True)
    text = b'"a",b\n// none\n// "x\n"c",d\n'
    assert countable_until(index_structure(text, dialect), 0) == text.index(b'// "x')
    behind = text.index(b'"c"')
    assert countable_until(index_structure(text, dialect), behind) == len(text)
