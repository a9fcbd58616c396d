from __future__ import annotations

import csv
import io
import json

import pytest

from definitions.rejects import PLAIN_FORM, RejectedFile, RejectedRow, TextForm
from sources.formats.csv.rejected import original_lines, spreadsheet_lines

FORM = TextForm(
    encoding="windows-1252", mark=False, delimiter=";", quote="'", escape="'", record_end="\n"
)
MARKS = "_line;_row;_error_code;_error_column;_error"


def file(form: TextForm | None = FORM) -> RejectedFile:
    return RejectedFile(
        name="f", number=0, identity=None, header=("id", "na;me"), form=form, styles={}
    )


def row(content: bytes, code: str = "missing_key", *, as_cells: bool = False) -> RejectedRow:
    return RejectedRow(
        row=7,
        line=8,
        code=code,
        column=None,
        message="it's; wrong",
        faults=1,
        content=content,
        as_cells=as_cells,
    )


def cells(*texts: str) -> RejectedRow:
    return row(json.dumps(texts).encode(), as_cells=True)


def test_a_row_stands_byte_by_byte_behind_the_marks() -> None:
    rows = [row("1;'caf\u00e9 \u20ac'\r\n".encode()), row(b"2;x;y", "too_many_fields")]

    assert b"".join(original_lines(file(), rows)) == (
        f"{MARKS};id;'na;me'\n".encode()
        + b"8;7;missing_key;;'it''s; wrong';1;'caf\xe9 \x80'\r\n"
        + b"8;7;too_many_fields;;'it''s; wrong';2;x;y\n"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32-be"])
def test_wide_text_begins_with_its_mark(encoding: str) -> None:
    form = TextForm(
        encoding=encoding, mark=False, delimiter="\t", quote='"', escape='"', record_end="\n"
    )

    (head,) = original_lines(file(form), [])

    assert head.decode(encoding).startswith("\ufeff_line\t_row\t")


def test_bytes_that_are_no_utf_8_stay() -> None:
    _, line = original_lines(file(PLAIN_FORM), [row(b"1,\xff\n", "bad_encoding")])

    assert line.endswith(b",1,\xff\n")


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (FORM, b"'a;b';'it''s'\n"),
        (None, b"a;b,it's\r\n"),
        (
            TextForm(
                encoding="utf-8",
                mark=False,
                delimiter=";",
                quote=None,
                escape="\\",
                record_end="\n",
            ),
            b"a\\;b;it's\n",
        ),
        (
            TextForm(
                encoding="utf-8",
                mark=False,
                delimiter=";",
                quote=None,
                escape=None,
                record_end="\n",
            ),
            b"a b;it's\n",
        ),
    ],
)
def test_cells_are_written_in_the_dialect_of_the_file(
    form: TextForm | None, written: bytes
) -> None:
    _, line = original_lines(file(form), [cells("a;b", "it's")])

    assert line.endswith(written)


def test_for_a_spreadsheet_every_row_is_cells_and_none_can_run() -> None:
    rows = [
        row(b"1;'=1+1'\n"),
        row(b"2;-5;@x\n", "too_many_fields"),
        row(b"3;'a'b\n", "stray_quote"),
        row(b"4;'open\n", "unclosed_quote"),
        cells("5", "'-x"),
    ]

    text = b"".join(spreadsheet_lines(file(), rows)).decode("utf-8-sig")

    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[0] == [*MARKS.split(";"), "_form", "id", "na;me"]
    assert {tuple(line[:6]) for line in found[1:]} == {
        ("8", "7", code, "", "it's; wrong", "spreadsheet")
        for code in ("missing_key", "too_many_fields", "stray_quote", "unclosed_quote")
    }
    assert [line[6:] for line in found[1:]] == [
        ["1", "'=1+1"],
        ["2", "'-5", "'@x"],
        ["3", "ab"],
        ["4", "'open"],
        ["5", "''-x"],
    ]
