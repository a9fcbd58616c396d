from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from importmgr.cli.inspection_text import fault_lines, show
from tests.inspections import fault, inspection


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def line_of(cells: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is shown of the only column of a table."""
    show(inspection({"c": cells}))
    lines = capsys.readouterr().out.splitlines()
    return next(line for line in lines if line.lstrip().startswith("1  c ")).strip()


def test_a_file_is_shown_from_above_to_below(capsys: pytest.CaptureFixture[str]) -> None:
    show(inspection({"id": ["1", "2"], "name": ["Ada", ""]}, faults=1))

    assert capsys.readouterr().out.splitlines() == [
        "people.csv",
        "format   csv, 1,234 bytes",
        "         line end: lf",
        "         delimiter: \\t",
        "columns  2",
        "rows     2, which is all",
        "",
        "   column  filled  distinct  type    what is in it",
        "-  ------  ------  --------  ------  --------------------",
        "1  id      100 %          2  number  1 to 2; such as 1, 2",
        "2  name    50.0 %         1  string  such as Ada",
        "",
        "the first 2 rows:",
        "row  id  name",
        "---  --  ----",
        "  1   1  Ada",
        "  2   2",
        "",
        "1 malformed row, which an import leaves out unless malformed_rows says otherwise:",
        "row  line  value         what is wrong",
        "---  ----  ------------  --------------------------",
        "  1     2  1,a,b\\x1b[2J  expected 2 fields, found 3",
    ]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["007", "8"], "string  also number 100 %; 1 cell with leading zeros: map it as string"),
        (
            ["+420123456789"],
            "string  also number 100 %; 1 cell with a plus sign: map it as string",
        ),
        (["3/4/2026"], "string  1 date of day and month, unclear; such as 3/4/2026"),
        ([" a", "b "], "string  2 cells with outer spaces; such as  a, b"),
        (["a\0"], "1 cell with a NUL character; such as a\\x00"),
        (["7"] * 19 + ["?"], "number 95.0 %  7 to 7; such as 7, ?"),
        (["7"] * 9 + ["?"], "string  also number 90.0 %; such as 7, ?"),
        (["2024-01-01"], "date  2024-01-01 to 2024-01-01; such as 2024-01-01"),
        (["x" * 31], f"up to 31 characters; such as {'x' * 29}…"),
        (["", ""], "1  c       0 %            0  string"),
    ],
)
def test_what_is_worth_knowing_of_a_column_is_said(
    cells: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert line in line_of(cells, capsys)


def test_many_distinct_cells_are_only_said_to_be_many(capsys: pytest.CaptureFixture[str]) -> None:
    assert "over 10,000" in line_of([str(n) for n in range(10_001)], capsys)


def test_columns_beyond_the_terminal_are_left_out_of_the_rows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show(inspection({f"c{n}": ["x"] for n in range(30)}))
    shown = capsys.readouterr().out

    assert "the first 1 row, the first 7 columns of 30:\nrow  c0  c1  c2  c3  c4  c5  c6\n" in shown


def test_what_was_not_looked_at_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    show(replace(inspection({"id": ["1"]}, is_whole=False), named=False))
    shown = capsys.readouterr().out

    assert "columns  1, numbered, as nothing names them\n" in shown
    assert "rows     the first 1 were looked at; --all looks at all\n" in shown


def test_the_first_faults_are_shown_and_all_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    show(inspection({"id": ["1"]}, faults=21))
    shown = capsys.readouterr().out

    assert "21 malformed rows, which an import leaves out unless" in shown
    assert ", the first 20:\n" in shown
    assert shown.count("expected 2 fields, found 3") == 20


def test_a_fault_is_one_line() -> None:
    lines = fault_lines("a\n.csv", [fault(1), fault(2, rejects_row=True)], 2)

    assert list(lines) == [
        "a\\n.csv: row 1, line 2: expected 2 fields, found 3",
        "a\\n.csv: row 2, line 3: expected 2 fields, found 3 (left out here too)",
    ]


def test_more_faults_than_are_shown_are_counted() -> None:
    lines = list(fault_lines("a.csv", [fault(n) for n in range(1, 22)], 500))

    assert (len(lines), lines[-1]) == (21, "a.csv: 480 more malformed rows")
