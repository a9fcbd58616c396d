from __future__ import annotations

import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.quoting import Quoting, Reading
from sources.formats.csv.structural_index import index_structure

DOUBLED = Dialect(record_end=RecordEnd.LF)
ESCAPED = Dialect(record_end=RecordEnd.LF, escape=b"\\")
UNMARKED = Dialect(record_end=RecordEnd.LF, escape=None)


def reading_of(text: bytes, dialect: Dialect, *, inside: bool = False) -> Reading:
    return Quoting(index_structure(text, dialect)).read(inside=inside)


def shown(text: bytes, places: list[int]) -> str:
    """Return `text` with a `^` in the place of every byte in `places`."""
    return "".join("^" if i in places else chr(byte) for i, byte in enumerate(text))


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
