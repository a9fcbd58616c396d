from __future__ import annotations

import pytest

from sources.formats.xlsx.choice import COVER, NAMES, choose_sheet
from sources.formats.xlsx.sheet import SheetRow
from sources.formats.xlsx.workbook import Sheet

TABLE = {1: ["id", "name"], 2: ["1", "Jana"]}
LIST = {1: ["email"], 2: ["a@example.test"], 3: ["b@example.test"]}


def chosen(*sheets: dict[int, list[str]], wanted: str = "") -> tuple[str, str]:
    named = {f"s{n}": rows for n, rows in enumerate(sheets)}

    def beginning_of(sheet: Sheet) -> list[SheetRow]:
        rows = named[sheet.name].items()
        return [SheetRow(number=n, cells=cells, errors={}, too_long=False) for n, cells in rows]

    listed = [Sheet(name=name, member="", is_visible=True) for name in named]
    sheet, why = choose_sheet(listed, frozenset(wanted.split()), beginning_of)
    return sheet.name, why


@pytest.mark.parametrize(
    "cover",
    [{}, {2: ["Report"]}, {2: ["", "Report"], 5: ["by Jana"]}, {1: ["Report"], 2: ["", "Jana"]}],
)
def test_a_cover_is_passed_over(cover: dict[int, list[str]]) -> None:
    assert chosen(cover, TABLE) == ("s1", COVER)
    assert chosen(cover, LIST, TABLE) == ("s2", COVER)
    assert chosen(cover, LIST) == ("s0", "")


@pytest.mark.parametrize(
    "first",
    [
        TABLE,
        LIST,
        {1: ["People"], 3: ["id", "x"], 4: ["1", "y"]},
        {1: ["id", "name", "phone"]},
        {1: ["email"]},
        {1: ["email"], 2: ["a@example.test"], 4: ["b@example.test"]},
        {1: ["id", "name"], 3: ["1", "Jana"], 5: ["2", "Petr"]},
        {1: ["id", "email", "phone"], 2: ["", "a@example.test"], 3: ["", "", "123"]},
    ],
)
def test_a_table_or_list_is_no_cover(first: dict[int, list[str]]) -> None:
    assert chosen(first, TABLE) == ("s0", "")


def test_names_that_are_looked_for_tell() -> None:
    other = {1: ["People"], 3: ["sku", "name"], 4: ["1", "x"]}
    assert chosen(TABLE, other, wanted="sku") == ("s1", NAMES)
    assert chosen(TABLE, other, wanted="sku id") == ("s0", "")
    assert chosen(TABLE, other, wanted="x_y") == ("s0", "")


def test_names_that_are_explained_in_a_sheet_do_not_tell() -> None:
    explained = {1: ["Column", "Meaning"], 2: ["sku", "what is sold"]}
    assert chosen(TABLE, explained, wanted="sku") == ("s0", "")
