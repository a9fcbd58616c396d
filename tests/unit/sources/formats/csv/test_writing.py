from __future__ import annotations

import numpy as np
import pytest

from definitions.arrays import Mask
from definitions.model import RecordEnd
from sources.formats.csv import writing
from sources.formats.csv.cuts import Cuts, Limits, cut_by_counting, cut_by_lines
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.structural_index import index_structure
from sources.formats.csv.turns import countable_until
from sources.formats.csv.writing import (
    QUOTED,
    Form,
    Text,
    form_as_it_stands,
    merged,
    need_quotes,
    ordinary_quotes,
    plain_form,
    write_all,
    write_row,
)

LF = Dialect(record_end=RecordEnd.LF)
PLAIN = Form(separator=b"\x1f", quote=b"\x1e", row_end=b"\x1d")
AS_IT_STANDS = Form(separator=b",", quote=b'"')


def cuts_of(text: bytes, dialect: Dialect) -> Cuts:
    index = index_structure(text, dialect)
    limits = Limits(width=2, max_row_bytes=99, longest=99, final=False)
    if countable_until(index, 0) == len(text):
        return cut_by_counting(index, 0, len(text), 99)
    return cut_by_lines(index, limits)


def mask(*bits: int) -> Mask:
    return np.array(bits, np.bool_)


def plainly(text: bytes, dialect: Dialect) -> bytes:
    cuts = cuts_of(text, dialect)
    return write_all(cuts, np.ones(cuts.count, np.bool_), [], PLAIN)


@pytest.mark.parametrize(
    ("dialect", "text", "form"),
    [
        (LF, b'a,"b\r\n""c"\r\n', AS_IT_STANDS),
        (Dialect(), b'a,"b\r"\r\n', AS_IT_STANDS),
        (Dialect(quote=b"'", escape=b"\\"), b"a,'b'\n", Form(separator=b",", quote=b"'")),
        (Dialect(quote=None, escape=None), b'a,"b\n', Form(separator=b",", quote=b"\x1f")),
        (Dialect(), b"a,b\rc\r\n", None),
        (LF, b'a,15" wide\n', AS_IT_STANDS),
        (Dialect(escape=b"\\"), b"a\\,b\n", None),
        (Dialect(delimiter=b"||"), b"a||b\n", None),
        (Dialect(delimiter="§".encode()), b"a\n", None),
    ],
)
def test_text_that_polars_reads_stays_as_it_is(
    dialect: Dialect, text: bytes, form: Form | None
) -> None:
    assert form_as_it_stands(cuts_of(text, dialect)) == form


def test_quotes_that_are_ordinary_characters_are_seen() -> None:
    assert ordinary_quotes(cuts_of(b'a,"b""c"\n', LF)).tolist() == [False]
    cuts = cuts_of(b'a,15" wide\nb,"c"\n"d""","e"\n6"",7\n', LF)
    assert ordinary_quotes(cuts).tolist() == [True, False, False, True]
    cuts = cuts_of(b'"a""b",c\n"d","e"\n', Dialect(escape=None, record_end=RecordEnd.LF))
    assert ordinary_quotes(cuts).tolist() == [True, False]


def test_the_example_in_the_docstring_is_what_is_made_of_its_text() -> None:
    _, given, made, _ = (writing.__doc__ or "").split("```")[1].split("\n")
    text = given.removeprefix("text         ").split("  ")[0].replace("⏎", "\n")
    form = plain_form(text.encode())
    assert form == PLAIN
    plain = plainly(text.encode(), Dialect(delimiter=b"||")).decode()
    shown = plain.translate({0x1F: "␟", 0x1E: "␞", 0x1D: "␝", ord("\n"): "⏎"})
    assert made.startswith(f"plain form   {shown}  ")


def test_the_plain_form_uses_what_is_not_in_the_buffer() -> None:
    assert plain_form(b"a,b\n") == PLAIN
    assert plain_form(b"\x1f\x1d\n") == Form(separator=b"\x1e", quote=b"\x1c", row_end=b"\x1b")
    assert plain_form(bytes(range(3, 128)) + b"\x00") is None


@pytest.mark.parametrize(
    ("dialect", "text", "plain"),
    [
        (LF, b'a,"b,""c""",""\r\n15" x,y,z\n', b'a_b,"c"_.15" x_y_z.'),
        (LF, b'"""",""""""\n', b'"_"".'),
        (Dialect(), b'a,"\r"\rb,c\r\n', b"a_\r.b_c."),
        (Dialect(escape=b"\\"), b'a\\,b,"c\\"\\\\"\n', b'a,b_c"\\.'),
        (Dialect(escape=None), b'"a""b","c"d"\n', b'a""b_c"d.'),
        (Dialect(delimiter=b"||"), b'a||"b||c"|||d\n', b"a_b||c_|d."),
        (Dialect(delimiter="→".encode()), "a→b→→\n".encode(), b"a_b__."),
    ],
)
def test_plain_text_has_neither_quotes_nor_escapes(
    dialect: Dialect, text: bytes, plain: bytes
) -> None:
    shown = plainly(text, dialect).replace(b"\x1f", b"_").replace(b"\x1d", b".")
    assert shown == plain


@pytest.mark.parametrize(
    ("form", "expected"),
    [(AS_IT_STANDS, b"1,2\nX\n7,8\nY\n"), (PLAIN, b"1\x1f2\x1dX\n7\x1f8\x1dY\n")],
)
def test_rows_written_anew_stand_in_their_place(form: Form, expected: bytes) -> None:
    cuts = cuts_of(b"1,2\n3\n\n7,8\n9\n", LF)
    assert write_all(cuts, mask(1, 0, 0, 1, 0), [(1, b"X\n"), (4, b"Y\n")], form) == expected


def test_fields_that_end_with_a_carriage_return_need_quotes() -> None:
    cuts = cuts_of(b'a,b\r\na\r,b\na,b\r\r\n"a\r",b\n\r,b\na,"b\r"\r\n', LF)
    assert need_quotes(cuts, AS_IT_STANDS).tolist() == [False, True, True, False, True, False]
    assert need_quotes(cuts, PLAIN).tolist() == [False, True, True, True, True, True]


def test_an_empty_first_field_behind_a_carriage_return_needs_none() -> None:
    assert need_quotes(cuts_of(b"a,b\r,c\r\n", Dialect()), PLAIN).tolist() == [False, False]


def test_a_field_is_quoted_where_it_must_be() -> None:
    assert write_row([b"a", b"", b'b"', b"c,d", b"e\n"], QUOTED) == b'a,,"b""","c,d","e\n"\n'
    assert write_row([b'a"', b"b\r", b"c,"], PLAIN) == b'a"\x1f\x1eb\r\x1e\x1fc,\x1d'


def test_neighbours_in_one_form_become_one_text() -> None:
    texts = [Text(form=form, content=text) for form, text in ((QUOTED, b"1"), (QUOTED, b"2"))]
    other = Text(form=PLAIN, content=b"3")
    together = Text(form=QUOTED, content=b"12")
    assert list(merged([*texts, other, texts[0]])) == [together, other, texts[0]]
