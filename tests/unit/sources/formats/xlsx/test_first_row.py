from __future__ import annotations

import pytest

from sources.formats.xlsx.first_row import is_data
from sources.formats.xlsx.sheet import SheetRow


def rows(text: str) -> list[SheetRow]:
    """Return the rows that stand on lines, their cells between bars."""
    cells = [[cell.strip() for cell in line.split("|")] for line in text.split("/")]
    return [
        SheetRow(number=number, cells=row, errors={}, too_long=False)
        for number, row in enumerate(cells, start=1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Jana|2024-01-31/Petr|2024-02-01/Eva|2024-03-01",
        "Jana|2024-01-31T10:00:00/Petr|2024-02-01/Eva|2024-03-01",
        "x|08:30/y|09:15:00/z|26:00:00",
        "Jana|12.5/Petr|7/Eva|9",
        "Jana|-3/Petr|7/Eva|9",
        "Jana|34/Petr|40/Eva|29",
        "a|3|1/b|5|2/c|1|0",
        "1|x|2020/2|y|2021/3|z|2019/4|u|2020",
        "7.5/8/9",
    ],
)
def test_values_above_their_like_are_data(text: str) -> None:
    assert is_data(rows(text), frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jana|12.5",
        "Jana|12.5/Petr|7",
        "name|age/Jana|34/Petr|40",
        "name|2024-01-31/Jana|5/Petr|6",
        "name|12.5|age/Jana|1.5|34/Petr|2.5|40",
        "name|2023/Jana|2000/Petr|2100",
        "name|2022|2023/Jana|10|5000/Petr|5000|10",
        "name|1|2|3/Jana|0|5|7/Petr|4|0|1",
        "name|38/Jana|2/Petr|7",
        "|12.5/a|7.5/b|9.5",
        "a|x/b|y/c|z",
        "true|false/true|true/false|false",
        "name|12.5/Jana|x/Petr|7",
        "name|12.5/Jana/Petr/Eva",
    ],
)
def test_what_may_name_columns_is_a_header(text: str) -> None:
    assert not is_data(rows(text), frozenset())


def test_names_that_are_wanted_are_a_header() -> None:
    sheet = rows("Jana|12.5/Petr|7/Eva|9")
    assert not is_data(sheet, frozenset({"Jana", "age"}))
    assert is_data(sheet, frozenset({"name", "age"}))


def test_without_rows_there_is_no_data() -> None:
    assert not is_data([], frozenset())
    empty = SheetRow(number=1, cells=[], errors={}, uncomputed=(0,), too_long=False)
    assert not is_data([empty, *rows("1/2/3")], frozenset())
