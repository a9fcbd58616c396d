from __future__ import annotations

import pytest

from definitions.asking import Asking
from definitions.mapping import compile_mapping
from definitions.styles import Matter, Question
from tests.unit.definitions.cases import CUSTOMERS, batch, definition, prop, with_typed

PRICE, DAY = Question("price", Matter.NUMBERS), Question("day", Matter.DATES)
MADE = definition(
    CUSTOMERS,
    ids={"mail": "m"},
    properties=[prop("price", target="number"), prop("day", target="date")],
)
MAPPING = compile_mapping(MADE, ("mail", "price", "day"))


def asked(asking: Asking, price: str, day: str = "") -> list[Question]:
    rows = batch(mail=["a", "b"], price=["7", price], day=["", day])
    return [*asking.asked(rows, MAPPING.apply(rows, "f"))]


@pytest.mark.parametrize(
    ("price", "day", "found"),
    [
        ("1.234", "", [PRICE]),
        ("1,5", "", [PRICE]),
        ("1 234", "1/2/2026", [PRICE, DAY]),
        ("1.5", "2026-01-31", []),
        ("x", "y", []),
    ],
)
def test_a_cell_asks_that_depends_on_the_style(price: str, day: str, found: list[Question]) -> None:
    asking = Asking([PRICE, DAY])

    assert asked(asking, price, day) == found
    assert asked(asking, price, day) == []


def test_points_that_are_decimal_marks_ask_nothing_later() -> None:
    asking = Asking([PRICE])

    assert asked(asking, "0.250") == []
    assert asked(asking, "1.234") == []
    assert asked(asking, "1,234") == [PRICE]


@pytest.mark.parametrize("cell", ["1.234", "1,5"])
def test_cells_that_are_no_text_ask_nothing(cell: str) -> None:
    rows = with_typed(batch(mail=["a", "b"], price=["7", cell], day=["", ""]), price=[0, 1])

    assert [*Asking([PRICE]).asked(rows, MAPPING.apply(rows, "f"))] == []


def test_numbers_that_are_no_text_do_not_tell_what_the_points_of_others_are() -> None:
    asking = Asking([PRICE])
    rows = with_typed(batch(mail=["a", "b"], price=["0.5", "7"], day=["", ""]), price=[1, 0])

    assert [*asking.asked(rows, MAPPING.apply(rows, "f"))] == []
    assert asked(asking, "1.234") == [PRICE]


def test_what_is_answered_is_not_asked() -> None:
    assert asked(Asking([DAY]), "1.234", "2026-01-31") == []


def test_cells_whose_faults_are_no_longer_made_ask_as_well() -> None:
    rows = batch(mail=["a", "b"], price=["7", "1,5"], day=["y", "1/2/2026"])

    mapped = MAPPING.apply(rows, "f", most=0)

    assert not mapped.faults
    assert [*Asking([PRICE, DAY]).asked(rows, mapped)] == [PRICE, DAY]
