from __future__ import annotations

from pathlib import Path

import pytest

from definitions.styles import NO_STYLES, Matter, Question, Styles
from definitions.written import COMMA, DateOrder, Written
from sources.base import ReadTerms
from sources.begun import Begun
from sources.opening import open_reader
from sources.survey import FIRST_ROWS, find_styles

PRICE, DAY = Question("price", Matter.NUMBERS), Question("day", Matter.DATES)


def reader(folder: Path, rows: list[str], batch_size: int = 1 << 20) -> Begun:
    """Return a reader of a file with those rows."""
    path = folder / "a.csv"
    path.write_text("\n".join(["price;day", *rows, ""]), encoding="utf-8")
    return Begun(open_reader(path, "a.csv", ReadTerms(batch_size=batch_size)))


@pytest.mark.parametrize("batch_size", [40, 1 << 20])
def test_the_whole_column_answers_whatever_the_size_of_batches(
    tmp_path: Path, batch_size: int
) -> None:
    rows = ["1,234;2026-01-01", *["7;1/2/2026"] * 10, "1.234,5;31/12/2026"]

    styles = find_styles(reader(tmp_path, rows, batch_size), [PRICE, DAY])

    assert styles.answer(PRICE, Written()).numbers == COMMA
    assert styles.answer(DAY, Written()).dates is DateOrder.DAY_FIRST
    assert styles.evidence == {
        "numbers of 'price'": "decimal comma (found: '1.234,5' in row 12)",
        "dates of 'day'": "day first (found: '31/12/2026' in row 12)",
    }


def test_only_columns_in_doubt_are_looked_at(tmp_path: Path) -> None:
    styles = find_styles(reader(tmp_path, ["1,5;2026-01-01", "2,5;31/12/2026"]), [PRICE])

    assert set(styles.evidence) == {"numbers of 'price'"}


PLAIN = "7;2026-01-01"
ALL_BUT_THE_LAST = (len(PLAIN) + 1) * (FIRST_ROWS - 1)  # bytes of the first rows


@pytest.mark.parametrize("batch_size", [1000, ALL_BUT_THE_LAST, 1 << 20])
def test_the_first_rows_decide_whether_a_column_is_looked_at(
    tmp_path: Path, batch_size: int
) -> None:
    def styles(plain: int) -> Styles:
        rows = [PLAIN] * plain + ["1,5;2026-01-01"]
        return find_styles(reader(tmp_path, rows, batch_size), [PRICE, DAY])

    assert styles(FIRST_ROWS - 1).evidence == {
        "numbers of 'price'": f"decimal comma (found: '1,5' in row {FIRST_ROWS})"
    }
    assert styles(FIRST_ROWS) == NO_STYLES


@pytest.mark.parametrize("batch_size", [1000, 1 << 20])
@pytest.mark.parametrize(
    ("cells", "is_comma"),
    [
        (["1.234", "5"], True),
        (["1.234", "12.345.678"], True),
        (["1.234", "0.250"], False),
        (["1.234", "1.5"], False),
        (["7", "5"], False),
    ],
)
def test_points_that_may_part_thousands_are_looked_at_in_the_whole_column(
    cells: list[str], batch_size: int, tmp_path: Path, *, is_comma: bool
) -> None:
    cycle = [f"{cell};2026-01-01" for cell in cells] * FIRST_ROWS
    opened = reader(tmp_path, [*cycle, "1.234,56;2026-01-01"], batch_size)

    styles = find_styles(opened, [PRICE])

    found = {PRICE.column: COMMA} if is_comma else {}
    assert styles.numbers == found


def test_nothing_asked_reads_nothing(tmp_path: Path) -> None:
    opened = reader(tmp_path, ["1,5;x"])
    (tmp_path / "a.csv").unlink()

    assert find_styles(opened, []) == NO_STYLES
