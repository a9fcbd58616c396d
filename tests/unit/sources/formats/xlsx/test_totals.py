from __future__ import annotations

import pytest

from sources.formats.xlsx.sheet import SheetRow
from sources.formats.xlsx.totals import ends_with_totals

TABLE = [["1", "Jana", "10.1"], ["2", "Petr", "20.2"], ["3", "", "-5"], ["4", "Eva"]]


def rows(*cells: list[str], uncomputed: tuple[int, ...] = ()) -> list[SheetRow]:
    *table, last = [
        SheetRow(number=number, cells=each, errors={}, too_long=False)
        for number, each in enumerate(cells, start=2)
    ]
    end = SheetRow(number=9, cells=last.cells, errors={}, too_long=False, uncomputed=uncomputed)
    return [*table, end]


@pytest.mark.parametrize(
    ("last", "is_total"),
    [
        (["Total", "", "25.3"], True),
        (["", "Celkem:", "25.3"], True),
        (["TOTAL", "4", "25.3"], True),
        (["", "", "25.3"], True),
        (["", "", "25.300000000000001"], True),
        (["Total", "", "25.4"], False),
        (["", "", "25.4"], False),
        (["Total", "Eva", "25.3"], False),
        (["Totally", "", "25.3"], False),
        (["10", "", "25.3"], False),
        (["Total"], False),
    ],
)
def test_sums_below_a_table_are_its_totals(last: list[str], is_total: bool) -> None:
    assert ends_with_totals(rows(*TABLE, last)) is is_total


def test_formulas_without_values_are_totals_if_they_are_called_so() -> None:
    assert ends_with_totals(rows(*TABLE, ["Total", "", ""], uncomputed=(2,)))
    assert not ends_with_totals(rows(*TABLE, ["5", "", ""], uncomputed=(2,)))


def test_few_rows_and_words_have_no_totals() -> None:
    assert not ends_with_totals([])
    assert not ends_with_totals(rows(["1", "2"], ["Total", "2"]))
    assert ends_with_totals(rows(["a", "2"], ["b", "2"], ["Total", "4"]))
    assert not ends_with_totals(rows(["a", "2"], ["b", "2"], ["", "4"]))
    assert not ends_with_totals(rows(["a", "2"], ["b", "x"], ["c", "2"], ["Total", "4"]))
    assert not ends_with_totals(rows(["1"], ["2"], ["3"], ["6"]))
