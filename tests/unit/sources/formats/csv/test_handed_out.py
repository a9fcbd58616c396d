from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from definitions.rejects import PLAIN_FORM, RejectedRow, TextForm
from sources.formats.csv.handed_out import is_as_handed_out

UNQUOTED = replace(PLAIN_FORM, quote=None, escape=None)
NEXT = b"8,7,too_few_fields,,no,x\n"


def row(
    content: bytes | None, code: str = "too_few_fields", *, as_cells: bool = False
) -> RejectedRow:
    return RejectedRow(
        row=7,
        line=8,
        code=code,
        column=None,
        message="no",
        faults=1,
        content=content,
        as_cells=as_cells,
    )


@pytest.mark.parametrize(
    ("was", "cells"),
    [
        (row(b"a,007\n"), ("a", "7", "")),
        (row(b"a\r\n"), ("a",)),
        (row(None, "row_too_long"), ("", "", "")),
        (row(b"[]", "broken_record", as_cells=True), ("", "")),
        (row(json.dumps(["a"]).encode(), as_cells=True), ("a", "")),
        (row(b'1,"a"b,c\n', "stray_quote"), ("1", "ab", "c")),
        (row(b'"7,q,8\n', "unclosed_quote"), ('"7', "q", "8")),
        (row(b"1,caf\xff\n", "bad_encoding"), ("1", "caf\ufffd", "")),
        (row(b"1,caf\xff\n", "bad_encoding"), ("1", "caf?", "")),
    ],
)
def test_cells_are_the_same_but_for_empty_ones_at_the_end(
    was: RejectedRow, cells: tuple[str, ...]
) -> None:
    assert is_as_handed_out(was, PLAIN_FORM, cells, b"")


@pytest.mark.parametrize("content", [b'"7,q,8\n', b'7,"q,8\n'])
@pytest.mark.parametrize("following", [b"", NEXT, NEXT + NEXT])
def test_a_program_that_reads_on_behind_an_open_quote_changes_nothing(
    content: bytes, following: bytes
) -> None:
    text = (content + following).decode()
    [cells] = csv.reader(io.StringIO(text, newline=""))

    assert is_as_handed_out(row(content, "unclosed_quote"), PLAIN_FORM, cells, b"")


@pytest.mark.parametrize(
    ("was", "form", "cells"),
    [
        (row(b"a,b\n"), PLAIN_FORM, ("a", "b", "c")),
        (row(b"a,b\n"), PLAIN_FORM, ("a", "", "b")),
        (row(b"a,b,c\n", "too_many_fields"), PLAIN_FORM, ("a", "b, c")),
        (row(b"a,b,c\n", "too_many_fields"), PLAIN_FORM, ("a", "b", "")),
        (row(b'a,"b,c"\n', "too_many_fields"), UNQUOTED, ("a", "b,c")),
        (row(b'"7,q,8\n', "unclosed_quote"), PLAIN_FORM, ("7", "q", "8")),
        (row(b'7,"one\n', "unclosed_quote"), PLAIN_FORM, ("7", "one\nmore", "8")),
    ],
)
def test_what_a_person_corrected_is_another_row(
    was: RejectedRow, form: TextForm, cells: tuple[str, ...]
) -> None:
    assert not is_as_handed_out(was, form, cells, b"")


def test_a_row_that_cannot_be_parted_is_the_same_if_its_text_is() -> None:
    was = row(b'"7,q,8\n', "unclosed_quote")

    assert is_as_handed_out(was, PLAIN_FORM, None, b'8,7,unclosed_quote,,no,"7,q,8\r\n')
    assert not is_as_handed_out(was, PLAIN_FORM, None, b'8,7,unclosed_quote,,no,"7,q,9\n')
