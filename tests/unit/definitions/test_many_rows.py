"""Two hundred thousand rows, each converted again by an independent reading of the guide."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest

from definitions.compiled import Mapped
from definitions.mapping import compile_mapping
from definitions.model import Notation, TargetType
from definitions.styles import Survey
from tests.unit.definitions.cases import ITEMS, batch, definition, prop
from tests.unit.definitions.cells import cell
from tests.unit.definitions.columns import Draw, column, date, epoch, number, parts
from tests.unit.definitions.oracle import SPACE, ZONES, Outcome, expected, fault_code
from tests.unit.definitions.oracle_columns import PLAIN, Column, proved
from tests.unit.definitions.oracle_dates import firsts
from tests.unit.definitions.oracle_numbers import decimal_marks

ROWS = 2_500  # of each column; there are 83 columns
UTC = ZONES[0]
ISO = date("{y:04}-{m:02}-{d:02}", "{y:04}-{m:02}-{d:02}T{H:02}:{M:02}:00{z}")
CLEAR = date(
    "{d}.{m}.{y:04}{t}{z}", "{d}. {m}. {y:04}", "{y:04}/{m:02}/{d:02}{t}", "{y:04}-{m}-{d}"
)
DAY_FIRST = date("{d}/{n}/{y:04}{t}{z}", "{d:02}-{n:02}-{y:04}{t}", "{y:04}/{m}/{d}")
MONTH_FIRST = date("{n}/{d}/{y:04}{t}{z}", "{n:02}-{d:02}-{y:04}", "{d}.{m}.{y:04}")
EITHER = date("{m}/{d}/{y:04}{t}", "{d}/{m}/{y:04}{t}")
NEITHER = date("{n}/{n}/{y:04}{t}{z}", "{y:04}-{m:02}-{d:02}")
MIDNIGHTS = date(
    *("{y:04}-{m:02}-{d:02} {H:02}:00:00{z}", "{y:04}-{m:02}-{d:02}T00:00:00.000"),
    *("{y:04}-{m:02}-{d:02}T00:00:00.{f}", "{y:04}-{m:02}-{d:02} 00:00:00.000000{f}"),
    *("{d}.{m}.{y:04} 0:00{z}", "{y:04}/{m}/{d} {I}:00:00 {p}", "{y:04}-{m:02}-{d:02}"),
)
FORMATS: dict[str, Draw] = {
    "%d/%m/%Y": date("{d}/{m:02}/{y:04}", "{y:04}-{m:02}-{d:02}"),
    "%m/%d/%y": date("{m}/{d}/{s:02}", "{m}/{d}/{y:04}"),
    "%Y%m%d": date("{y:04}{m:02}{d:02}", "{y:04}{m}{d}"),
    "%Y-%d-%m": date("{y:04}-{d:02}-{m:02}"),
    "%b %d, %Y": date("{b} {d}, {y:04}"),
    "%d %B %Y": date("{d} {b} {y:04}"),
}
TIMED: dict[str, Draw] = {
    "%d.%m.%Y %H:%M": date("{d}.{m}.{y:04} {H}:{M:02}", "{d}.{m}.{y:04}"),
    "%m/%d/%Y %I:%M:%S %p": date("{m}/{d}/{y:04} {I}:{M:02}:59 {p}"),
    "%Y%m%d%H%M%S": date("{y:04}{m:02}{d:02}{H:02}{M:02}07"),
    "%d-%b-%y %H:%M:%S.%f%z": date("{d}-{b}-{s:02} {H}:{M}:5.{f}{z}"),
}
TEXTS = [(target, UTC, PLAIN, cell) for target in ("string", "long text", "boolean", "json", "url")]
LISTS = [
    ("list", UTC, Column(separator=mark), parts(mark or ","))
    for mark in (None, "|", ";", ", ", " ", "ab")
]
NUMBERS = [
    ("number", UTC, said, draw)
    for said, draw in (
        (Column(decimal=","), number(",", ". ")),
        (Column(decimal="."), number(".", ", '_")),
        (Column(thousands=","), number(".", ",")),
        (Column(thousands="."), number(",", ".")),
        (Column(decimal=",", thousands=" "), number(",", " \xa0\u202f.")),
        (Column(decimal=".", thousands="\u2019"), number(".", "'\u2019")),
        (Column(decimal=",", thousands="_"), number(",", "_")),
        (PLAIN, number(".", "")),
        (PLAIN, number(".", ",_")),
        (PLAIN, number(",", ". ")),
        (PLAIN, number(".", " \xa0'")),
        (PLAIN, lambda random: number(random.choice(".,"), ",.")(random)),
    )
]
DATES = [
    *(("date", UTC, PLAIN, draw) for draw in (date("{d}/{n}/{y:04}"), CLEAR)),
    *(("date", UTC, PLAIN, draw) for draw in (MIDNIGHTS, DAY_FIRST, NEITHER)),
    *(("date", UTC, Column(format=form), draw) for form, draw in FORMATS.items()),
]
ORDERS = (DAY_FIRST, MONTH_FIRST, EITHER, NEITHER, DAY_FIRST, MONTH_FIRST, DAY_FIRST)
MOMENTS = [
    column_in_zone
    for number, zone in enumerate(ZONES)
    for form in [[*TIMED][number % len(TIMED)]]
    for column_in_zone in (
        ("datetime", zone, PLAIN, ISO),
        ("datetime", zone, PLAIN, CLEAR),
        ("datetime", zone, PLAIN, ORDERS[number]),
        ("datetime", zone, Column(format=form), TIMED[form]),
        ("timestamp", zone, PLAIN, ISO if number % 2 else epoch),
        ("timestamp", zone, PLAIN, ORDERS[-number]),
        ("timestamp", zone, Column(format=form), TIMED[form]),
    )
]
CASES = [*TEXTS, *LISTS, *NUMBERS, *DATES, *MOMENTS]


def converted(cells: list[str], target: TargetType, zone: ZoneInfo, said: Column) -> Mapped:
    """Return what an import makes of a column."""
    mapped = replace(
        prop("cell", "p", target),
        notation=Notation(
            decimal=said.decimal,
            thousands=said.thousands,
            format=said.format,
            separator=said.separator,
        ),
    )
    wanted = definition(ITEMS, ids={"id": "item_id"}, properties=[mapped], zone=zone.key)
    rows = batch(id=[str(number) for number in range(len(cells))], cell=cells)
    survey = Survey(compile_mapping(wanted, ("id", "cell")).questions)
    survey.add(rows)
    return compile_mapping(wanted, ("id", "cell"), survey.styles()).apply(rows, "f")


def found_out(cells: list[str], said: Column) -> Column:
    """Return a column with what its cells prove."""
    texts = [text.strip(SPACE) for text in cells]
    return replace(said, mark=proved(texts, decimal_marks) or "", first=proved(texts, firsts))


@pytest.mark.parametrize(
    ("target", "zone", "said", "draw"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)]
)
def test_every_cell_becomes_what_the_guide_says(
    target: str, zone: ZoneInfo, said: Column, draw: Draw
) -> None:
    random = Random(f"{target} {zone} {said}")  # the same cells every time
    cells = column(draw, random, ROWS)
    wanted_type, known = TargetType(target), found_out(cells, said)

    mapped = converted(cells, wanted_type, zone, said)

    got: list[object] = [
        json.loads(text, parse_float=Decimal, parse_int=Decimal).get("p", Outcome.EMPTY)
        for text in mapped.records.frame["properties"]
    ]
    for fault in mapped.faults:
        got[fault.row - 1] = str(fault.code)
    for value, text in zip(got, cells, strict=True):
        want = expected(text, wanted_type, zone, known)
        if want is Outcome.BAD:
            want = fault_code(text, wanted_type, known)
        assert (type(value), value) == (type(want), want), (text, known)


def test_there_are_enough_rows_of_every_type_and_zone() -> None:
    assert len(CASES) * ROWS >= 200_000
    assert {target for target, *_ in CASES} == set(TargetType)
    assert {zone for _, zone, *_ in CASES} == set(ZONES)
