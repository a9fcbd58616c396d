"""Workbooks as batches."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from definitions.errors import FormatError, LostLeaseError
from definitions.faults import FaultCode
from definitions.model import FileFormat, MalformedRows
from sources.base import ExpandLimits, ReadTerms
from sources.formats.xlsx import XlsxFormat
from sources.formats.xlsx import reader as room
from sources.formats.xlsx.reader import XlsxReader
from sources.opening import open_reader
from tests.reading import assert_resumable, numbered, seen_faults
from tests.workbooks import assembled, saved, written


def opened(tmp_path: Path, data: bytes, layout: FileFormat | None = None) -> XlsxReader:
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(layout=layout or FileFormat())
    return XlsxFormat(terms).open(tmp_path / "f", "people.xlsx")


def rows_of(reader: XlsxReader) -> list[tuple[str, ...]]:
    return [row for batch in reader.batches() for row in batch.frame.rows()]


def test_cells_of_all_kinds_become_text(tmp_path: Path) -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC).replace(tzinfo=None)
    cells = [1, 0.1, True, "ü <&> \n", date(2024, 1, 2), moment, time(10, 11), timedelta(hours=30)]
    reader = opened(tmp_path, written({"A": [list("abcdefgh"), cells]}))
    assert reader.evidence == {"sheet": "A", "data_after_row": "1"}
    assert rows_of(reader) == [
        ("1", "0.1", "true", "ü <&> \n", "2024-01-02", "2024-01-02T03:04:05.678", "10:11:00",
         "30:00:00"),
    ]  # fmt: skip


def test_numbers_and_dates_are_told_from_texts(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["", "price", "day", "name"],
        ["", 1.234, date(2026, 1, 2), "a"],
        ["", "1,5", "2026-01-02", "7"],
        ["", None, date(2026, 1, 2), "b"],
    ]
    (batch,) = opened(tmp_path, written({"A": rows})).batches()
    typed = {name: cells.tolist() for name, cells in batch.typed.items()}
    assert typed == {"price": [True, False, False], "day": [True, False, True]}


CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15, allow_subnormal=False)
    | st.text(alphabet='ab <>&"é😀', max_size=5)
    | st.dates(min_value=date(1900, 3, 1))
)


def text_of(value: Any) -> str:  # noqa: ANN401 - a cell of any kind
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_cells_are_those_that_another_library_reads(rows: list[list[Any]], tmp_path: Path) -> None:
    data = written({"A": [["a", "b", "c"], *rows]})
    reader = opened(tmp_path, data)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    expected = [
        row for row in sheet.iter_rows(min_row=2, values_only=True) if any(map(text_of, row))
    ]
    found = rows_of(reader)
    assert len(found) == len(expected)
    for cells, values in zip(found, expected, strict=True):
        for cell, value in zip(cells, values, strict=True):
            is_number = isinstance(value, float | int) and not isinstance(value, bool)
            assert (float(cell) == value) if is_number else (cell == text_of(value))
    assert_resumable(reader)


def test_rows_are_numbered_without_the_empty_ones_and_lines_are_the_sheets(tmp_path: Path) -> None:
    sheet: list[list[Any]] = [[], ["id", "n"], [1, "a"], [], [None, ""], [2]]
    batches = list(opened(tmp_path, written({"A": sheet})).batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1", "a"), ("2", "")]
    assert numbered(batches) == ([1, 2], [3, 6])


def test_what_is_above_and_below_the_table_is_left_out(tmp_path: Path) -> None:
    sheet: list[list[Any]] = [
        ["Report"],
        [],
        ["id", "n"],
        *([n, "x"] for n in range(1, 6)),
        ["sum", 15],
        ["end"],
    ]
    reader = opened(tmp_path, written({"A": sheet}), FileFormat(skip_rows=1, footer_rows=2))
    assert rows_of(reader) == [(str(n), "x") for n in range(1, 6)]
    assert_resumable(reader)
    short = opened(tmp_path, written({"A": sheet}), FileFormat(skip_rows=1, footer_rows=9))
    with pytest.raises(FormatError, match=r"has 7 rows .* the last 9 .* smaller 'footer_rows'"):
        rows_of(short)


def test_merged_hidden_and_joined_cells_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["id", "n"], ["1", "a"], ["2", "b"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    assert rows_of(opened(tmp_path, saved(book))) == [("1", "a"), ("", "b")]


def test_a_formula_that_was_never_computed_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()  # computes nothing
    for row in (["id", "sum"], [1, "=A2+1"], ["=1+1", "x"]):
        book.worksheets[0].append(row)
    reader = opened(tmp_path, saved(book))
    assert rows_of(reader) == [("1", ""), ("", "x")]
    faults = [fault for batch in reader.batches() for fault in batch.faults]
    assert [(fault.row, fault.column, fault.code) for fault in faults] == [
        (1, "sum", FaultCode.ERROR_CELL),
        (2, "id", FaultCode.ERROR_CELL),
    ]
    assert "has a formula without a stored value" in faults[0].message


def test_an_error_in_a_cell_leaves_it_empty_and_is_told(tmp_path: Path) -> None:
    xml = (
        "<row r='1'><c t='str'><v>id</v></c><c t='str'><v>n</v></c></row>"
        "<row r='4'><c><v>1</v></c><c t='e'><v>#REF!</v></c></row>"
    )
    fail = FileFormat(malformed_rows=MalformedRows.FAIL)
    (batch,) = opened(tmp_path, assembled(xml), fail).batches()
    assert batch.frame.rows() == [("1", "")]
    (fault,) = batch.faults
    assert (fault.row, fault.line, fault.column, fault.value) == (1, 4, "n", "#REF!")
    assert (fault.code.value, fault.rejects_row, batch.read) == ("error_cell", False, 1)


@pytest.mark.parametrize(
    ("policy", "rows", "rejects"),
    [
        (MalformedRows.REJECT, [("1", "a"), ("3", "")], True),
        (MalformedRows.PAD, [("1", "a"), ("2", "b"), ("3", "")], False),
    ],
)
def test_a_row_that_is_wider_than_the_header_is_a_fault(
    policy: MalformedRows, rows: list[tuple[str, str]], rejects: bool, tmp_path: Path
) -> None:
    data = written({"A": [["id", "n"], [1, "a"], [2, "b", None, "!"], [3]]})
    (batch,) = opened(tmp_path, data, FileFormat(malformed_rows=policy)).batches()
    assert batch.frame.rows() == rows
    (fault,) = batch.faults
    assert (fault.row, fault.value, fault.message, fault.rejects_row) == (
        2,
        "2 | b | !",
        "expected 2 fields, found 4",
        rejects,
    )
    with pytest.raises(FormatError, match=r"row 2 of .* \(line 3\) .*: expected 2 fields"):
        list(opened(tmp_path, data, FileFormat(malformed_rows=MalformedRows.FAIL)).batches())


@pytest.mark.parametrize(
    ("policy", "rows"),
    [
        (MalformedRows.REJECT, [("1", "a"), ("3", "c")]),
        (MalformedRows.PAD, [("1", "a"), ("b", "x"), ("3", "c")]),
    ],
)
@pytest.mark.parametrize("space", ["", " "])
def test_a_row_that_gives_a_cell_twice_is_a_fault(
    space: str, policy: MalformedRows, rows: list[tuple[str, str]], tmp_path: Path
) -> None:
    def row(number: int, *cells: tuple[str, str]) -> str:
        told = (f'<c r="{c}{number}" t="str"><v>{text}</v></c>{space}' for c, text in cells)
        return f'<row r="{number}">{"".join(told)}</row>'

    sheet = (
        row(1, ("A", "id"), ("B", "n")) + row(2, ("A", "1"), ("B", "a"))
        + row(3, ("A", "2"), ("A", "b"), ("B", "x")) + row(4, ("A", "3"), ("B", "c"))
    )  # fmt: skip
    layout = FileFormat(malformed_rows=policy)
    (batch,) = opened(tmp_path, assembled(sheet), layout).batches()
    assert batch.frame.rows() == rows
    (fault,) = batch.faults
    assert (fault.row, fault.line, fault.code, fault.message, fault.rejects_row) == (
        2, 3, "too_many_fields", "gives the cell A3 twice", policy is MalformedRows.REJECT,
    )  # fmt: skip


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_rows_before_a_break_in_the_sheet_load(size: int, tmp_path: Path) -> None:
    row = "<row><c t='str'><v>x</v></c></row>"
    (tmp_path / "f").write_bytes(assembled(row * 5 + "<row></c>"))
    reader = XlsxFormat(ReadTerms(batch_size=size)).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    assert sum(batch.frame.height for batch in batches) == 4
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.code.value) == (5, 6, "broken_record")
    assert fault.message == "breaks the sheet, which is read up to here: mismatched tag"
    assert_resumable(reader)


def test_a_sheet_that_breaks_before_its_header_has_none(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"the sheet of 'people\.xlsx' is empty"):
        opened(tmp_path, assembled("<row></c>"))


def test_many_batches_are_resumed_exactly_and_the_way_there_is_watched(tmp_path: Path) -> None:
    calls: list[int] = []
    data = written({"A": [["id", "n"], *([n, f"name {n}"] for n in range(6000))]})
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(batch_size=1 << 16, heartbeat=lambda: calls.append(1))
    reader = XlsxFormat(terms).open(tmp_path / "f", "f")
    batches = list(reader.batches())
    assert len(batches) > 3
    assert numbered(batches)[0] == list(range(1, 6001))
    calls.clear()
    rest = list(islice(reader.batches(batches[2].end), 1))
    assert rest[0].frame.equals(batches[3].frame)
    assert len(calls) >= 3


def test_whoever_stops_the_reading_is_heard(tmp_path: Path) -> None:
    def heartbeat() -> None:
        msg = "stop"
        raise LostLeaseError(msg)

    (tmp_path / "f").write_bytes(written({"A": [["id"], [1]]}))
    with pytest.raises(LostLeaseError):
        XlsxFormat(ReadTerms(heartbeat=heartbeat)).open(tmp_path / "f", "f")


def test_one_cell_in_the_last_corner_takes_no_memory(tmp_path: Path) -> None:
    xml = "<row><c t='str'><v>id</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    (batch,) = opened(tmp_path, assembled(xml)).batches()
    assert [fault.line for fault in batch.faults] == [1_048_576]


def test_a_workbook_is_recognised_and_other_archives_are_not(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(written({"A": [["id"], [1]]}))
    assert open_reader(tmp_path / "f", "f", ReadTerms()).header == ("id",)


STRICT = "http://purl.oclc.org/ooxml"
PARTS = {
    "[Content_Types].xml": "<Types><Override PartName='/{book}' "
    "ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/>"
    "</Types>",
    "_rels/.rels": "<Relationships><Relationship Id='a' Type='{kind}/extended-properties' "
    "Target='docProps/app.xml'/><Relationship Id='b' Type='{kind}/officeDocument' "
    "Target='{to}{book}'/></Relationships>",
    "{book}": "<x:workbook xmlns:x='{main}' xmlns:rel='{kind}'><x:sheets>"
    "<x:sheet name='Data' sheetId='1' rel:id='q1'/></x:sheets></x:workbook>",
    "{folder}_rels/{name}.rels": "<Relationships>"
    "<Relationship Id='q1' Type='{kind}/worksheet' Target='{sheet}'/>"
    "<Relationship Id='q2' Type='{kind}/sharedStrings' Target='shared.xml'/></Relationships>",
    "{folder}sheets/s 1.xml": "<x:worksheet xmlns:x='{main}'><x:sheetData>"
    "<x:row><x:c t='s'><x:v>\n0\n</x:v></x:c></x:row>"
    "<x:row r='1'><x:c r='A1' t='d'><x:v>2024-01-31</x:v></x:c></x:row>"
    "</x:sheetData></x:worksheet>",
    "{folder}shared.xml": "<x:sst xmlns:x='{main}'><x:si><x:t>day</x:t></x:si></x:sst>",
}


@pytest.mark.parametrize("slashes", [("", "/"), ("/", "/"), ("", "\\"), ("/", "\\")])
@pytest.mark.parametrize("book", ["xl/workbook.xml", "book.xml", "Content/xl/Workbook2.xml"])
@pytest.mark.parametrize(
    "sheet", ["sheets/s%201.xml", "sheets\\S 1.xml", "/{folder}sheets/s 1.xml"]
)
@pytest.mark.parametrize("standard", [STRICT, "http://schemas.openxmlformats.org"])
def test_parts_lie_where_the_archive_says_and_their_names_are_written_in_many_ways(
    slashes: tuple[str, str], book: str, sheet: str, standard: str, tmp_path: Path
) -> None:
    (before, slash), (folder, _, name) = slashes, book.rpartition("/")
    folder += "/" if folder else ""
    words = {
        "book": book, "name": name, "folder": folder, "sheet": sheet.format(folder=folder),
        "to": before, "kind": f"{standard}/officeDocument/relationships",
        "main": f"{standard}/spreadsheetml/main",
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for part, text in PARTS.items():
            info = zipfile.ZipInfo(before + part.format_map(words).replace("/", slash))
            packed.writestr(info, text.format_map(words))
    (tmp_path / "f").write_bytes(out.getvalue())
    reader = open_reader(tmp_path / "f", "f", ReadTerms())
    (batch,) = reader.batches()
    assert (reader.header, batch.frame.rows()) == (("day",), [("2024-01-31",)])
    assert batch.lines.tolist() == [2]


def test_a_workbook_without_its_list_of_parts_is_told(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(FormatError, match=r"lacks 'xl/_rels/workbook\.xml\.rels'; save it again"):
        opened(tmp_path, out.getvalue())


def test_columns_that_are_called_otherwise_than_in_the_sheet_are_told(tmp_path: Path) -> None:
    reader = opened(tmp_path, written({"A": [["a", "a", None, "b"], [1, 2, 3, 4]]}))
    assert reader.header == ("a", "a_2", "column_3", "b")
    assert reader.evidence["renamed_columns"] == "'a' -> 'a_2', '' -> 'column_3'"
    assert "renamed_columns" not in opened(tmp_path, written({"A": [["a"], [1]]})).evidence
    numbered = opened(tmp_path, written({"A": [[1, 2]]}), FileFormat(header_rows=0))
    assert "renamed_columns" not in numbered.evidence


def test_sheets_that_are_not_read_are_told(tmp_path: Path) -> None:
    data = written({"One": [["a"], [1]], "Two": [], "Three": [["b"], [2]]})
    assert opened(tmp_path, data).evidence["other_sheets"] == "not read: 'Two', 'Three'"
    with pytest.raises(
        FormatError, match=r"is empty; .* `source\.format\.sheet` .*: 'One', 'Three'"
    ):
        opened(tmp_path, data, FileFormat(sheet="Two"))
    assert "other_sheets" not in opened(tmp_path, written({"One": [["a"], [1]]})).evidence


def test_columns_without_anything_before_the_table_are_none(tmp_path: Path) -> None:
    table: list[list[Any]] = [
        [],
        [None, None, "id", "name"],
        [None, None, 1, "Jana"],
        [None, None, None, "Petr"],
    ]
    reader = opened(tmp_path, written({"A": table}))
    assert (reader.header, rows_of(reader)) == (("id", "name"), [("1", "Jana"), ("", "Petr")])
    assert reader.evidence["columns_before"] == "2 without name, nothing in them"
    used = opened(tmp_path, written({"A": [*table, [None, "x", 2, "Eva"]]}))
    assert (used.header, rows_of(used)[-1]) == (("column_1", "id", "name"), ("x", "2", "Eva"))


def test_what_comes_late_before_the_table_is_a_fault(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [None, "id"],
        *([None, n] for n in range(1100)),
        ["x", 7],
        [None, 8, 9],
    ]
    reader = opened(tmp_path, written({"A": rows}))
    faults = seen_faults(list(reader.batches()))
    assert [fault.row for fault in faults] == [1101, 1102]
    assert faults[0].message.startswith("has a cell to the left of the header")
    assert faults[1].message == "expected 1 fields, found 2"


def test_notes_below_a_table_are_no_rows_unless_it_is_said(tmp_path: Path) -> None:
    table: list[list[Any]] = [["id", "name"], [1, "Jana"], [2, "Petr"], [], ["Source: the CRM"]]
    data = written({"A": table})
    reader = opened(tmp_path, data)
    assert rows_of(reader) == [("1", "Jana"), ("2", "Petr")]
    assert reader.evidence["footer_rows"] == "1 found: notes and totals below the table are no rows"
    assert_resumable(reader)
    assert len(rows_of(opened(tmp_path, data, FileFormat(footer_rows=0)))) == 3


def test_a_cover_before_the_table_is_passed_over(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Cover": [["Report"], [], [None, "by Jana"]],
        "Data": [["id", "x"], [1, 2]],
    }
    reader = opened(tmp_path, written(sheets))
    assert (reader.header, reader.evidence["sheet"]) == (("id", "x"), "Data")
    assert reader.evidence["sheet_chosen"] == "the first one holds no table"
    assert opened(tmp_path, written(sheets), FileFormat(sheet="Cover")).header == ("Report",)


def test_a_header_that_comes_again_is_a_fault(tmp_path: Path) -> None:
    table: list[list[Any]] = [["id", "name"], [1, "Jana"], [], ["id", "name"], [2, "Petr"]]
    batches = list(opened(tmp_path, written({"A": table})).batches())
    assert numbered(batches) == ([1, 3], [2, 5])
    assert [(fault.row, fault.code.value) for fault in seen_faults(batches)] == [
        (2, "repeated_header")
    ]


def test_rubbish_behind_a_workbook_is_passed_over_and_told(tmp_path: Path) -> None:
    reader = opened(tmp_path, written({"A": [["id", "name"], [1, "Jana"]]}) + b"\n<br />")
    assert rows_of(reader) == [("1", "Jana")]
    assert reader.evidence["surplus"].startswith("6 bytes behind the end are passed over")


def test_what_may_be_another_table_is_told(tmp_path: Path) -> None:
    below: list[list[Any]] = [
        ["id", "n"],
        [1, 2],
        [],
        ["sku", "price"],
        ["A7", 3],
        [],
        ["By the CRM:"],
    ]
    beside: list[list[Any]] = [["id", "n", None, "sku"], [1, 2, None, "A7"]]
    told = opened(tmp_path, written({"A": below})).evidence
    assert told["tables"].startswith("row 4 is behind an empty one; another table that begins")
    assert told["footer_rows"].startswith("1 found")
    said = opened(tmp_path, written({"A": below}), FileFormat(footer_rows=3)).evidence
    assert "tables" not in said
    told = opened(tmp_path, written({"A": beside})).evidence
    assert told["tables"].startswith("column 3 has no name and nothing in it; another table")
    plain = opened(tmp_path, written({"A": [["id"], [], [1], [2]]})).evidence
    assert "tables" not in plain


def test_names_that_are_given_stand_above_the_columns_of_the_table(tmp_path: Path) -> None:
    data = written({"A": [[None, "id", "name"], [None, 1, "Jana"]]})
    reader = opened(tmp_path, data, FileFormat(column_names=("a", "b")))
    assert (reader.header, rows_of(reader)) == (("a", "b"), [("1", "Jana")])
    with pytest.raises(FormatError, match=r"'column_names' has 4 names, but .* has 2 columns"):
        opened(tmp_path, data, FileFormat(column_names=tuple("abcd")))


def test_a_row_that_is_called_as_given_names_are_is_no_header(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(written({"A": [["status", 1.5], ["open", 2.5], ["shut", 3.5]]}))
    layout, wanted = FileFormat(column_names=("status", "n")), frozenset({"status", "n"})
    reader = XlsxFormat(ReadTerms(layout=layout, wanted=wanted)).open(tmp_path / "f", "a.xlsx")
    assert rows_of(reader) == [("status", "1.5"), ("open", "2.5"), ("shut", "3.5")]


@pytest.mark.parametrize("most", [10, 2000, 1 << 20])
def test_a_long_text_in_very_many_cells_is_never_held_by_all(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_TEXT", most)
    shared = f"<sst><si><t>id</t></si><si><t>{'x' * 300}</t></si></sst>"
    cells = "<row><c t='s'><v>0</v></c></row>" + "<row><c t='s'><v>1</v></c></row>" * 100
    reader = opened(tmp_path, assembled(cells, {"xl/sharedStrings.xml": shared}))
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("x" * 300,)] * 100
    assert max(batch.frame.height for batch in batches) == min(100, most // 300 + 1)
    assert_resumable(reader)


def test_a_long_text_is_not_repeated_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_TEXT", 2000)
    shared = f"<sst><si><t>id</t></si><si><t>{'x' * 3000}</t></si></sst>"
    cells = "<row><c t='s'><v>0</v></c></row>" + "<row><c t='s'><v>1</v></c></row>" * 100
    (tmp_path / "f").write_bytes(assembled(cells, {"xl/sharedStrings.xml": shared}))
    for ratio, free in ((50, 1 << 20), (200, 10_000)):
        terms = ReadTerms(limits=ExpandLimits(max_ratio=ratio, free_size=free))
        reader = XlsxFormat(terms).open(tmp_path / "f", "f.xlsx")
        assert sum(batch.read for batch in reader.batches()) == 100

    terms = ReadTerms(limits=ExpandLimits(max_ratio=50, free_size=10_000))
    reader = XlsxFormat(terms).open(tmp_path / "f", "f.xlsx")
    with pytest.raises(FormatError, match=r"sheet of 'f\.xlsx' grows more than 50 times; if it is"):
        list(reader.batches())
