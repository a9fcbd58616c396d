"""Columns whose first rows do not ask how they are written."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from definitions.batches import Position
from definitions.mapping import compile_mapping
from definitions.styles import NO_STYLES, Matter, Question
from importmgr.executing.styled_mapping import StyledMapping
from sources.base import ReadTerms
from sources.begun import Begun
from sources.opening import open_reader
from sources.survey import FIRST_ROWS
from tests.unit.definitions.cases import CUSTOMERS, definition, prop
from tests.workbooks import written as workbook

PRICE, DAY = Question("price", Matter.NUMBERS), Question("day", Matter.DATES)
MADE = definition(
    CUSTOMERS,
    ids={"mail": "m"},
    properties=[prop("price", target="number"), prop("day", target="date")],
)


def reader(folder: Path, first: str, last: list[str]) -> Begun:
    """Return a reader of small batches of a file whose first rows are all alike."""
    rows = [f"m{number};{cells}" for number, cells in enumerate([first] * FIRST_ROWS + last)]
    (folder / "a.csv").write_text("\n".join(["mail;price;day", *rows, ""]), encoding="utf-8")
    return Begun(open_reader(folder / "a.csv", "a.csv", ReadTerms(batch_size=20_000)))


def read(opened: Begun, resume: Position | None = None) -> tuple[list[Any], list[Position], int]:
    """Return row and properties of every record, where each batch ends, and how often was asked."""
    plain = compile_mapping(MADE, opened.header)
    mapping = StyledMapping(MADE, opened, plain)
    rows, ends, asked = [], [], 0
    for batch in opened.batches(resume):
        known = mapping.styles
        mapped = mapping.apply(batch, "a.csv")
        asked += mapping.styles is not known
        rows += mapped.records.frame.select("row", "properties").rows()
        ends.append(batch.end)
    return rows, ends, asked


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("7;", ["1.234;", "2.500;", "1.234,50;"], ["1234", "2500", "1234.5"]),
        ("7;", ["1.234;", "2.5;", "1,234;"], ["1.234", "2.5", "1234"]),
        (";", ["1.234;", "7;"], ["1.234", "7"]),
        ("1.5;", ["1.234;", "1.234,50;", "1,234;"], ["1.234", None, None]),
        ("7;", ["1 234;", "8;"], ["1234", "8"]),
    ],
)
def test_numbers_that_ask_late_are_read_as_the_whole_column_proves(
    first: str, last: list[str], found: list[str | None], tmp_path: Path
) -> None:
    rows, _, asked = read(reader(tmp_path, first, last))

    expected = ["{}" if each is None else f'{{"price":{each}}}' for each in found]
    assert [properties for _, properties in rows[FIRST_ROWS:]] == expected
    assert asked == 1


def test_dates_that_ask_late_are_read_as_the_whole_column_proves(tmp_path: Path) -> None:
    rows, _, asked = read(reader(tmp_path, ";", [";1/2/2026", ";31/1/2026"]))

    assert [properties for _, properties in rows[FIRST_ROWS:]] == [
        '{"day":"2026-02-01"}',
        '{"day":"2026-01-31"}',
    ]
    assert asked == 1


@pytest.mark.parametrize("first", ["7;2026-01-01", "1.5;2026-01-01", ";"])
def test_nothing_is_looked_at_where_no_cell_asks(first: str, tmp_path: Path) -> None:
    late = ["8;2026-01-02", "x;y", "1.25;2026-01-03", "1.234;2026-01-03"]

    assert read(reader(tmp_path, first, late[:3]))[2] == 0
    if first == "1.5;2026-01-01":  # its points are no marks of thousands
        assert read(reader(tmp_path, first, late))[2] == 0


def test_what_was_read_is_the_same_wherever_reading_goes_on(tmp_path: Path) -> None:
    last = ["1.234;1/2/2026", "9;"] * 2_000 + ["1,5;31/12/2026"] + ["2.500;1/2/2026", "8;"] * 2_000
    opened = reader(tmp_path, "7;", last)
    whole, ends, _ = read(opened)
    assert len(ends) == 6

    for end in ends[:-1]:
        assert read(opened, end)[0] == [row for row in whole if row[0] >= end.row]


COLUMNS = ("mail", "price", "day")


def as_objects(rows: Sequence[tuple[Any, ...]], between: str) -> str:
    return between.join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows)


def as_xml(rows: Sequence[tuple[str, ...]]) -> str:
    shape = "<p><mail>{}</mail><price>{}</price><day>{}</day></p>"
    return f"<r>{''.join(shape.format(*row) for row in rows)}</r>"


def as_parquet(rows: Sequence[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    table = pl.DataFrame(list(rows), schema=COLUMNS, orient="row")
    table.write_parquet(out, row_group_size=1_500)
    return out.getvalue()


FILES = {
    "a.json": lambda rows: f"[{as_objects(rows, ',')}]".encode(),
    "a.ndjson": lambda rows: as_objects(rows, "\n").encode(),
    "a.xml": lambda rows: as_xml(rows).encode(),
    "a.xlsx": lambda rows: workbook({"Prices": [COLUMNS, *rows]}),
    "a.parquet": as_parquet,
}


@pytest.mark.parametrize("name", FILES)
def test_in_every_format_it_is_the_same_wherever_reading_goes_on(name: str, tmp_path: Path) -> None:
    late = [("1.234", "1/2/2026"), ("9", ""), ("1,5", "31/12/2026"), ("2.500", "")]
    rows = [
        (f"m{number}", *cells)
        for number, cells in enumerate([("7", "")] * FIRST_ROWS + late + [("8", "")] * 2_000)
    ]
    (tmp_path / name).write_bytes(FILES[name](rows))
    opened = Begun(open_reader(tmp_path / name, name, ReadTerms(batch_size=20_000)))
    whole, ends, asked = read(opened)

    assert asked == 1
    assert [properties for _, properties in whole[FIRST_ROWS : FIRST_ROWS + len(late)]] == [
        '{"day":"2026-02-01","price":1234}',
        '{"price":9}',
        '{"day":"2026-12-31","price":1.5}',
        '{"price":2500}',
    ]
    assert len(ends) > 2
    for end in ends[:-1]:
        assert read(opened, end)[0] == [row for row in whole if row[0] >= end.row]


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.xlsx"])
def test_cells_that_are_no_text_mean_the_same_among_texts_of_any_style(
    name: str, tmp_path: Path
) -> None:
    late = [(1.234, "1/2/2026"), ("9", ""), ("1,5", "31/12/2026"), ("2.500", ""), (2.5, "")]
    rows = [
        (f"m{number}", *cells)
        for number, cells in enumerate([(0.25, ""), (7, "")] * 2_500 + late + [(1.5, "")] * 2_000)
    ]
    (tmp_path / name).write_bytes(FILES[name](rows))
    opened = Begun(open_reader(tmp_path / name, name, ReadTerms(batch_size=20_000)))
    whole, ends, asked = read(opened)

    assert asked == 1
    assert [properties for _, properties in whole[FIRST_ROWS - 2 : FIRST_ROWS + len(late)]] == [
        '{"price":0.25}',
        '{"price":7}',
        '{"day":"2026-02-01","price":1.234}',
        '{"price":9}',
        '{"day":"2026-12-31","price":1.5}',
        '{"price":2500}',
        '{"price":2.5}',
    ]
    assert len(ends) > 2
    for end in ends[:-1]:
        assert read(opened, end)[0] == [row for row in whole if row[0] >= end.row]


@pytest.mark.parametrize("name", ["a.json", "a.xlsx", "a.parquet"])
def test_no_file_is_looked_at_as_a_whole_for_cells_that_are_no_text(
    name: str, tmp_path: Path
) -> None:
    rows = [(f"m{number}", 1.234, "") for number in range(FIRST_ROWS + 10)]
    (tmp_path / name).write_bytes(FILES[name](rows))
    opened = Begun(open_reader(tmp_path / name, name, ReadTerms(batch_size=20_000)))

    mapping = StyledMapping(MADE, opened, compile_mapping(MADE, opened.header))
    whole, _, asked = read(opened)

    assert (mapping.styles, asked) == (NO_STYLES, 0)
    assert {properties for _, properties in whole} == {'{"price":1.234}'}
