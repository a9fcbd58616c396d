from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.errors import FormatError
from definitions.rejects import (
    PLAIN_FORM,
    CorrectedRows,
    RejectedFile,
    RejectedRow,
    TextForm,
)
from sources.base import ReadTerms
from sources.formats.csv.corrected import CorrectedFile
from sources.formats.csv.rejected import original_lines, spreadsheet_lines
from tests.workbooks import written

LATIN = TextForm(
    encoding="windows-1252", mark=False, delimiter=";", quote="'", escape="'", record_end="\n"
)
UNQUOTED = replace(PLAIN_FORM, quote=None, escape=None, record_end="\n")
CELLS = st.text(st.sampled_from("ab =+-@'\",;\n\té€|"), min_size=0, max_size=6)
ROWS = st.lists(st.tuples(CELLS, CELLS.map("x{}".format)), min_size=1, max_size=5)


def file(form: TextForm | None = PLAIN_FORM, *names: str) -> RejectedFile:
    header = names or ("id", "name")
    return RejectedFile(name="f", number=0, identity=None, header=header, form=form, styles={})


def rows(*cells: Iterable[str]) -> list[RejectedRow]:
    """Return rejected rows, numbered from 11 on."""
    return [
        RejectedRow(
            row=number,
            line=2 * number,
            code="missing_key",
            column=None,
            message='it\'s; "wrong", really',
            faults=1,
            content=json.dumps(list(row)).encode(),
            as_cells=True,
        )
        for number, row in enumerate(cells, start=11)
    ]


def read(
    tmp_path: Path, content: bytes, of: RejectedFile | None = None
) -> tuple[list[tuple[str, ...]], list[int], list[int]]:
    """Return the rows with their numbers, and the numbers of the malformed ones."""
    path = tmp_path / "corrected"
    path.write_bytes(content)
    batches = list(CorrectedFile(path, "corrected", of or file(), ReadTerms()).batches())
    return (
        [row for batch in batches for row in batch.frame.rows()],
        [number for batch in batches for number in batch.rows],
        [each.row for batch in batches for each in batch.malformed],
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(cells=ROWS, form=st.sampled_from([PLAIN_FORM, LATIN, None]), spreadsheet=st.booleans())
def test_what_was_handed_out_comes_back(
    tmp_path: Path, cells: list[tuple[str, str]], form: TextForm | None, *, spreadsheet: bool
) -> None:
    write = spreadsheet_lines if spreadsheet else original_lines
    content = b"".join(write(file(form), rows(*cells)))

    found = read(tmp_path, content, file(form))

    assert found == (cells, list(range(11, 11 + len(cells))), [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8", "shift_jis"])
def test_the_encoding_of_the_file_is_kept(tmp_path: Path, encoding: str) -> None:
    form = TextForm(
        encoding=encoding, mark=False, delimiter="\t", quote='"', escape='"', record_end="\n"
    )
    content = b"".join(original_lines(file(form), rows(["日本", "x"])))

    assert read(tmp_path, content, file(form))[0] == [("日本", "x")]


def test_wide_text_may_come_back_as_utf_8(tmp_path: Path) -> None:
    form = TextForm(
        encoding="utf-16-le", mark=True, delimiter=",", quote='"', escape='"', record_end="\n"
    )
    content = b"".join(original_lines(file(form), rows(["é", "x"]))).decode("utf-16")

    for saved in (content.encode(), codecs.BOM_UTF8 + content.encode()):
        assert read(tmp_path, saved, file(form))[0] == [("é", "x")]


@pytest.mark.parametrize("form", [PLAIN_FORM, LATIN])
@pytest.mark.parametrize(
    ("delimiter", "encoding"), [("\t", "utf-16"), (";", "utf-16-be"), (",", "utf-16-le")]
)
def test_a_spreadsheet_may_write_utf_16(
    tmp_path: Path, form: TextForm, delimiter: str, encoding: str
) -> None:
    content = b"".join(spreadsheet_lines(file(form), rows(["-5", "caf\u00e9"])))
    saved = content.decode("utf-8-sig").replace('"it\'s; ""wrong"", really"', "no")
    saved = saved.replace(",", delimiter)
    mark = "" if encoding == "utf-16" else "\ufeff"

    found, numbers, _ = read(tmp_path, f"{mark}{saved}".encode(encoding), file(form))

    assert (found, numbers) == ([("-5", "caf\u00e9")], [11])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_rows_as_they_stand_may_come_back_in_another_encoding(
    tmp_path: Path, encoding: str
) -> None:
    content = b"".join(original_lines(file(LATIN), rows(["caf\u00e9", "x"]))).decode("cp1252")

    assert read(tmp_path, content.encode(encoding), file(LATIN))[0] == [("caf\u00e9", "x")]


def test_cells_behind_the_last_column_are_too_many(tmp_path: Path) -> None:
    head = b"_line,_row,_error_code,_error_column,_error,id,name,,\n"
    path = tmp_path / "corrected"
    path.write_bytes(head + b"2,1,,,,a,b,,\n3,2,,,,c,d,,f\n4,3,,,,g,h,i,j,k\n")

    [batch] = CorrectedFile(path, "corrected", file(), ReadTerms()).batches()

    assert batch.frame.rows() == [("a", "b")]
    assert [(each.row, each.cells, each.fault.message) for each in batch.malformed] == [
        (3, ("g", "h", "i", "j", "k"), "expected 2 fields, found 5"),
        (2, ("c", "d", "", "f"), "expected 2 fields, found 4"),
    ]


def test_a_malformed_row_is_known_wherever_its_number_stands(tmp_path: Path) -> None:
    content = b"id,name,_row\n12,B,11\n12,C,13,more\n"

    assert read(tmp_path, content) == ([("12", "B")], [11], [13])


HEAD = b"_line,_row,_error_code,_error_column,_error,id,name\n"


def opened(tmp_path: Path, content: bytes, of: RejectedFile | None = None) -> CorrectedRows:
    """Return the only batch of a file."""
    path = tmp_path / "corrected"
    path.write_bytes(content)
    [batch] = CorrectedFile(path, "corrected", of or file(), ReadTerms()).batches()
    return batch


def test_rows_are_given_up_by_their_code_whatever_they_are_like(tmp_path: Path) -> None:
    rows = b'2,1, Discard ,,,a,\n3,2,discard,,,c\n4,3,discard,,,"g,h\n5,4,ok,,,i\n6,5,,,,j,k\n'

    batch = opened(tmp_path, HEAD + rows)

    assert (sorted(batch.given_up), batch.accepted) == ([1, 2, 3], frozenset({4}))
    assert (batch.rows, [each.row for each in batch.malformed]) == ([5], [4])
    assert batch.read == 5


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (b'2,1,x,,"a ""b"", c",one,"t"wo\r\n', b'one,"t"wo\n'),
        (b"2,1,x,,,one\n", b"one\n"),
        (b'2,1,x,,,one,"two\n', b'one,"two\n'),
        (b"2,1,x,,,one,two,three\n", b"one,two,three\n"),
    ],
)
def test_of_a_row_that_is_malformed_still_its_new_text_is_kept(
    tmp_path: Path, line: bytes, kept: bytes
) -> None:
    of = file(replace(PLAIN_FORM, record_end="\n"))

    [row] = opened(tmp_path, HEAD + b"9,9,,,,i,n\n" + line, of).malformed

    assert (row.row, row.content, row.as_cells) == (1, kept, False)


def test_its_new_cells_are_kept_where_it_was_written_in_another_way(tmp_path: Path) -> None:
    head = HEAD.replace(b",", b";")

    batch = opened(tmp_path, head + b'9;9;;;;i;n\n2;1;x;;;one;"t"wo\n3;2;x;;;a;"b;c\n')

    assert [(each.as_cells, json.loads(each.content or b"")) for each in batch.malformed] == [
        (True, ["one", "two"]),
        (True, ["a", '"b', "c"]),
    ]


def test_a_number_may_have_come_back_as_a_fraction(tmp_path: Path) -> None:
    rows = b"2.0,11.0,,,,a,b\n3,12.5,,,,c,d\n4,13.0,,,,e\n"

    assert read(tmp_path, HEAD + rows) == ([("a", "b"), ("c", "d")], [11, 0], [13])


def test_a_web_page_is_refused_as_no_corrected_rows(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cannot be read as corrected rows: a web page.* as CSV"):
        read(tmp_path, b"<!DOCTYPE html><html><body><table></table></body></html>")


def test_rows_are_accepted_by_their_code(tmp_path: Path) -> None:
    head = b"_line,_row,_error_code,_error_column,_error,id,name\n"
    path = tmp_path / "corrected"
    path.write_bytes(head + b"2,1, OK ,,,a,\n3,2,too_few_fields,,,c,\n4,3,,,,g,\n")

    [batch] = CorrectedFile(path, "corrected", file(), ReadTerms()).batches()

    assert batch.accepted == {1}


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "cp1252"), ("\t", "utf-8-sig")])
def test_a_spreadsheet_may_write_in_its_own_way(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    content = b"".join(spreadsheet_lines(file(), rows(["-5", "caf\u00e9"], ["'=x", "b"])))
    saved = content.decode("utf-8-sig").replace('"it\'s; ""wrong"", really"', "no")
    saved = saved.replace(",", delimiter)

    found, numbers, _ = read(tmp_path, saved.encode(encoding))

    assert found == [("-5", "caf\u00e9"), ("'=x", "b")]
    assert numbers == [11, 12]


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    content = b"name,_row,more,id\nB,12,,2\nC,x,,3\n"

    assert read(tmp_path, content) == ([("2", "B"), ("3", "C")], [12, 0], [])


def test_columns_that_are_called_as_ours_are_told_apart(tmp_path: Path) -> None:
    of = file(PLAIN_FORM, "_row", "id")
    content = b"".join(original_lines(of, rows(["99", "a"])))

    assert read(tmp_path, content, of) == ([("99", "a")], [11], [])


def test_malformed_rows_are_known_by_their_beginning(tmp_path: Path) -> None:
    head = b"_line,_row,_error_code,_error_column,_error,id,name\n"
    content = head + b'2,11,,,,a,b,c\n4,12,,,,"a"b,c\n6,13,,,,a,b\nx,y\n8,14,,,,"open,c\n'

    assert read(tmp_path, content) == ([("a", "b")], [13], [11, 12, 0, 14])


@pytest.mark.parametrize(
    ("content", "lacking"),
    [(b"id,name\n1,2\n", "'_row'"), (b"_line,_row,id\n1,1,2\n", "'name'")],
)
def test_a_file_without_a_column_is_refused(tmp_path: Path, content: bytes, lacking: str) -> None:
    with pytest.raises(FormatError, match=f"lacks the columns {lacking}: .*leave all"):
        read(tmp_path, content)


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    workbook = written({"rejects": [["_line", "_row", "id", "name"], [2, 11, "a", "b"]]})

    with pytest.raises(FormatError) as refused:
        read(tmp_path, workbook)

    assert str(refused.value) == (
        "'corrected' cannot be read as corrected rows: the file is an Excel workbook; save it as "
        "CSV"
    )


def test_quotes_that_a_person_adds_are_read_in_a_file_that_had_none(tmp_path: Path) -> None:
    head = b"_line,_row,_error_code,_error_column,_error,id,name\n"
    quoted = b'2,11,,,,a,"b, or ""c"""\n3,12,,,,"d,e,f\n4,13,,,,f,"g"\n'

    found = read(tmp_path, head + quoted, file(UNQUOTED))

    assert found == ([("f", '"g"'), ("a", 'b, or "c"')], [13, 11], [12])


@pytest.mark.parametrize("quote", [None, "'"])
def test_a_spreadsheet_has_its_own_quotes_whatever_those_of_the_file(
    tmp_path: Path, quote: str | None
) -> None:
    of = file(replace(UNQUOTED, quote=quote))
    content = b"".join(spreadsheet_lines(of, rows(["a,b", 'c"d'])))

    assert read(tmp_path, content, of) == ([("a,b", 'c"d')], [11], [])


def test_the_fields_of_a_row_that_is_malformed_still_are_counted_without_the_marks(
    tmp_path: Path,
) -> None:
    path = tmp_path / "corrected"
    head = b"_line,_row,_error_code,_error_column,_error,id,name\n"
    path.write_bytes(head + b"2,1,,,,a,b,c\n3,2,,,,d,e,f\n4,3,,,,g,h\n")  # most are too wide

    [batch] = CorrectedFile(path, "corrected", file(), ReadTerms()).batches()

    assert batch.frame.rows() == [("g", "h")]
    assert [(each.row, each.fault.message) for each in batch.malformed] == [
        (1, "expected 2 fields, found 3"),
        (2, "expected 2 fields, found 3"),
    ]
