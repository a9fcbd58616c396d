from __future__ import annotations

import polars as pl
import pytest

from definitions.batches import Position
from definitions.errors import FormatError
from definitions.faults import FaultCode
from definitions.model import MalformedRows
from sources.gathering import (
    MAX_COLUMNS,
    MOST_CELLS,
    MOST_FAULTS,
    MOST_ROWS,
    TOO_LONG,
    Gathering,
    Place,
    Problem,
    cells_of_records,
    cells_of_rows,
    columns_of,
    shown,
)

END = Position(byte=9, row=4, line=5)
BROKEN = Problem(code=FaultCode.BROKEN_RECORD, message="is broken")


def gathering(
    width: int = 2, policy: MalformedRows = MalformedRows.REJECT
) -> Gathering[list[str | bytes]]:
    return Gathering("people", lambda rows: cells_of_rows(rows, ("a", "b")), width, policy)


def place(row: int) -> Place:
    return Place(row=row, line=row + 1)


def test_rows_and_faults_become_one_batch_and_are_forgotten() -> None:
    gathered = gathering()
    gathered.keep(["1", "x", b"\1\0"], place(1))
    gathered.reject(BROKEN, place(2), "?" * 300)
    gathered.note_cell(BROKEN, place(3), "b", "#N/A")
    gathered.keep(["3", "", b"\0\0"], place(3))
    (batch,) = gathered.flush(END)
    assert batch.frame.rows() == [("1", "x"), ("3", "")]
    assert [(name, typed.tolist()) for name, typed in batch.typed.items()] == [("a", [True, False])]
    assert (batch.rows.tolist(), batch.lines.tolist(), batch.end) == ([1, 3], [2, 4], END)
    assert [(f.row, f.line, f.column, f.value, f.rejects_row) for f in batch.faults] == [
        (2, 3, None, "?" * 200, True),
        (3, 4, "b", "#N/A", False),
    ]
    assert batch.read == 3
    assert list(gathered.flush(END)) == []


def test_the_first_bad_row_ends_the_reading_when_asked_for_but_no_bad_cell_does() -> None:
    gathered = gathering(policy=MalformedRows.FAIL)
    gathered.note_cell(BROKEN, place(1), "b", "#N/A")
    with pytest.raises(
        FormatError,
        match=r"row 2 of 'people' \(line 3\) .* is longer .*; correct it",
    ):
        gathered.reject(TOO_LONG, place(2), "")
    with pytest.raises(FormatError, match=r"row 3 of 'people' \(line 4\) .* is broken; correct it"):
        gathered.note(BROKEN, place(3), "")


def test_a_batch_has_a_bounded_number_of_cells_and_of_faults() -> None:
    wide, faulty = gathering(width=MOST_CELLS // 2), gathering()
    seen = []
    for row in (1, 2):
        wide.keep(["", "", b"\0\0"], place(row))
        seen.append(wide.is_full)
    assert seen == [False, True]
    for row in range(MOST_FAULTS):
        faulty.reject(BROKEN, place(row), "")
    assert faulty.is_full


def test_a_batch_has_a_bounded_number_of_rows_however_short_they_are() -> None:
    narrow = gathering()
    for row in range(MOST_ROWS - 1):
        narrow.keep(["", b"\0"], place(row))
    assert not narrow.is_full
    narrow.keep(["", b"\0"], place(MOST_ROWS))
    assert narrow.is_full


def test_records_without_a_cell_have_it_empty() -> None:
    cells = cells_of_records([{"a": "1"}, {"b": "2", "c": "3"}], ("a", "b"))
    assert cells.frame.to_dict(as_series=False) == {"a": ["1", ""], "b": ["", "2"]}
    assert not cells.typed
    assert cells_of_rows([], ("a",)).frame.schema == {"a": pl.String}


def test_cells_that_are_no_text_are_marked_in_the_columns_that_have_some() -> None:
    rows: list[list[str | bytes]] = [["1", "x", "2", b"\1\0\0"], ["y", "z", "3", b"\0\0\1"]]
    cells = cells_of_rows(rows, ("a", "b", "c"))
    assert cells.frame.rows() == [("1", "x", "2"), ("y", "z", "3")]
    marked = {name: typed.tolist() for name, typed in cells.typed.items()}
    assert marked == {"a": [True, False], "c": [False, True]}


@pytest.mark.parametrize(
    ("records", "complete", "columns"),
    [
        ([{"b": 1}, {"a": 1, "b": 1}], True, ("b", "a")),
        ([{"b": 1}, {"a": 1, "b": 1}], False, ("b", "a", "late")),
        ([], True, ("a", "late")),
    ],
    ids=["whole file", "beginning", "no record"],
)
def test_wanted_names_are_columns_unless_the_whole_file_lacks_them(
    records: list[dict[str, object]], complete: bool, columns: tuple[str, ...]
) -> None:
    wanted = frozenset({"late", "a"})
    assert columns_of(records, wanted, complete=complete, file="f") == columns


def test_no_column_and_too_many_columns_are_errors() -> None:
    with pytest.raises(FormatError, match="there is not one column"):
        columns_of([{}], frozenset(), complete=True, file="f")
    many = {str(n): 1 for n in range(MAX_COLUMNS + 1)}
    with pytest.raises(FormatError, match=r"have 10001 columns; at most 10000 work"):
        columns_of([many], frozenset(), complete=True, file="f")


def test_what_is_shown_is_cut_and_readable() -> None:
    assert shown(b" \xff" + b"x" * 1000) == "\ufffd" + "x" * 197
