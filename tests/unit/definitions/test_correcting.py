from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from definitions.batches import Position
from definitions.correcting import (
    advice,
    given_up,
    malformed_rows,
    waiting_rows,
    with_accepted,
    with_old_faults,
    with_typed,
)
from definitions.faults import Fault, FaultCode
from definitions.rejects import CorrectedRows, RejectedRow, StillMalformed

END = Position(byte=1, row=1, line=1)


def fault(row: int) -> Fault:
    return Fault(
        file="corrected",
        row=row,
        line=row,
        column=None,
        value="x",
        code=FaultCode.TOO_FEW_FIELDS,
        message="…",
        rejects_row=True,
    )


def still(row: int, line: int) -> StillMalformed:
    return StillMalformed(row=row, fault=fault(line), cells=("four",), text=b"four")


def was(row: int) -> RejectedRow:
    """Return a row that was malformed otherwise."""
    return RejectedRow(
        row=row,
        line=row,
        code="stray_quote",
        column=None,
        message="old",
        faults=1,
        content=b"four\n",
        as_cells=False,
    )


def is_four(_: RejectedRow, cells: Sequence[str] | None, text: bytes) -> bool:
    return cells == ("four",) and text in {b"", b"four"}


CORRECTED = CorrectedRows(
    frame=pl.DataFrame({"a": ["one", "two", "again", "none", "four"]}),
    rows=[7, 9, 7, 0, 4],
    malformed=(still(3, 2), still(9, 3), still(3, 4), still(5, 5)),
    end=END,
)


def test_rows_that_wait_are_taken_once_with_their_numbers_and_lines() -> None:
    batch = waiting_rows(CORRECTED, {7: 70, 4: 40, 3: 30})

    assert batch.frame["a"].to_list() == ["one", "four"]
    assert (batch.rows.tolist(), batch.lines.tolist()) == ([7, 4], [70, 40])
    assert batch.end == END


def test_cells_that_came_back_as_they_were_are_no_texts_if_they_were_none() -> None:
    kept = {
        number: replace(was(number), content=content, as_cells=True, typed=typed)
        for number, content, typed in (
            (1, b'["1.5", "2", "x"]', b"\1\0\0"),
            (2, b'["1.5", "2", "x"]', b"\1\1\0"),
            (3, b'["1.5", "2", "x"]', None),
        )
    }
    frame = pl.DataFrame({"a": ["1.5 ", "1.6", "1.5"], "b": ["2", "2", "2"], "c": ["x", "y", "x"]})
    rows = waiting_rows(replace(CORRECTED, frame=frame, rows=[1, 2, 3]), {1: 1, 2: 2, 3: 3})

    found = with_typed(rows, kept, lambda row: json.loads(row.content or b""))

    typed = {name: flags.tolist() for name, flags in found.typed.items()}
    assert typed == {"a": [True, False, False], "b": [False, True, False]}


def test_malformed_rows_are_told_once_where_they_stood() -> None:
    found = list(malformed_rows(CORRECTED, {3: 30, 9: 90}, "f.csv"))

    faults = [each.fault for each in found]
    assert [(each.file, each.row, each.line) for each in faults] == [("f.csv", 3, 30)]


def test_every_row_handed_in_is_read() -> None:
    assert CORRECTED.read == 9


def test_rows_that_are_as_they_were_have_their_old_faults() -> None:
    found = with_old_faults(CORRECTED, {4: was(4), 7: was(7), 3: was(3)}, is_four)

    assert found.frame["a"].to_list() == ["one", "two", "again", "none"]
    assert (found.rows, found.read) == ([7, 9, 7, 0], CORRECTED.read)
    faults = [each.fault for each in malformed_rows(found, {4: 40, 3: 30, 5: 50}, "f.csv")]
    assert [(each.row, each.line, each.code.value, each.message) for each in faults] == [
        (5, 50, "too_few_fields", "…"),
        (4, 40, "stray_quote", "old"),
        (3, 30, "stray_quote", "old"),
    ]


def test_of_a_row_that_is_there_twice_the_changed_one_counts() -> None:
    twice = replace(CORRECTED, frame=pl.DataFrame({"a": ["four", "new"]}), rows=[4, 4])

    found = with_old_faults(twice, {4: was(4)}, is_four)

    assert waiting_rows(found, {4: 40}).frame["a"].to_list() == ["new"]
    assert list(malformed_rows(found, {4: 40}, "f.csv")) == []


def test_rows_that_a_person_accepts_are_taken_as_they_are() -> None:
    accepting = replace(CORRECTED, accepted=frozenset({4}))

    found = with_old_faults(accepting, {4: was(4)}, is_four)

    assert (found.rows, found.malformed) == (CORRECTED.rows, CORRECTED.malformed)


def test_malformed_rows_that_a_person_accepts_are_read_as_they_can_be_parted() -> None:
    accepting = replace(CORRECTED, accepted=frozenset({3, 5, 9}))
    wide = ("1", "2")

    found = with_accepted(
        accepting,
        {3: was(3), 5: was(5)},
        is_four,
        lambda old: wide if old.row == 5 else ("parted",),
    )

    assert found.frame["a"].to_list() == [*CORRECTED.frame["a"], "parted"]
    assert found.rows == [*CORRECTED.rows, 3]
    assert [each.row for each in found.malformed] == [9, 3, 5]  # its second one, and what is wide
    assert found.read == CORRECTED.read


def test_rows_are_given_up_unless_they_are_there_without_that_word() -> None:
    dropping = replace(CORRECTED, given_up=(6, 6, 7, 3, 8))

    assert given_up(dropping, {6, 7, 3}) == {6}
    assert (dropping.read, dropping.numbers) == (14, frozenset({0, 3, 4, 5, 6, 7, 8, 9}))


def test_what_is_left_of_a_repair_is_told_with_what_to_do() -> None:
    assert list(advice(untouched=0, skipped=0)) == []
    untouched, skipped = advice(untouched=12, skipped=1)
    assert untouched.startswith("12 rows came back as handed out, rejected still: correct them, or")
    assert "write 'discard' into _error_code to give them up, or 'ok' to load" in untouched
    assert skipped.startswith("1 row skipped: in _row is the number of no row that waits")
