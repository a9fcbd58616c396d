from __future__ import annotations

import re
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from definitions.conversion import as_property
from definitions.looks import different_texts, facts_of
from definitions.model import TargetType
from tests.unit.definitions.cells import cell

EPOCH = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")  # a number is not taken for a time
KINDS = [
    TargetType.NUMBER,
    TargetType.BOOLEAN,
    TargetType.DATE,
    TargetType.URL,
]


def facts(cells: list[str]) -> dict[str, Any]:
    return facts_of(different_texts(pl.Series("c", cells, dtype=pl.String)))


def converted(cells: list[str], kind: TargetType) -> int:
    """Count the cells that an import would convert."""
    values = as_property(kind, ZoneInfo("UTC")).values(pl.Series(cells, dtype=pl.String))
    return values.len() - values.null_count()


@pytest.mark.parametrize("seed", range(5))
def test_no_cell_is_overlooked_that_an_import_would_convert(seed: int) -> None:
    random = Random(seed)
    cells = [cell(random) for _ in range(3_000)] * 2
    found = facts(cells)

    for kind in KINDS:
        assert found.get(kind.value, 0) == converted(cells, kind), kind
    times = [text for text in cells if not EPOCH.fullmatch(text.strip())]
    assert found["datetime"] == converted(times, TargetType.DATETIME)
    structures = [text for text in cells if text.strip()[:1] in {"[", "{"}]
    arrays = [text for text in structures if text.strip()[:1] == "["]
    assert found["json"] == converted(structures, TargetType.JSON)
    assert found["list"] == converted(arrays, TargetType.LIST)


def test_different_texts_come_in_file_order_with_their_numbers() -> None:
    texts = different_texts(pl.Series("c", ["b", " a", "", "b", " "]))

    assert texts.rows() == [("b", "b", False, 2), (" a", "a", False, 1)]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ([1, 1, 1], [("1", "1", True, 2), ("2", "2", True, 1)]),
        ([1, 0, 1], [("1", "1", True, 1), ("1", "1", False, 1), ("2", "2", True, 1)]),
    ],
)
def test_texts_that_are_none_in_the_file_are_told_apart(
    typed: list[int], rows: list[tuple[object, ...]]
) -> None:
    texts = different_texts(pl.Series("c", ["1", "1", "2"]), np.array(typed, np.bool_))

    assert texts.rows() == rows


def test_extremes_keep_the_text_they_have_in_the_file() -> None:
    found = facts(["1e1", "9.50", "x", "2024-01-01"])

    assert found["numbers"] == {
        "lowest": [{"value": "9.5", "text": "9.50"}],
        "highest": [{"value": "10", "text": "1e1"}],
    }
    assert found["times"]["lowest"] == found["times"]["highest"]
    assert [time["text"] for time in found["times"]["lowest"]] == ["2024-01-01"]


def test_what_looks_like_a_number_and_is_none_has_no_extremes() -> None:
    assert facts(["1st", "2nd"])["numbers"]["lowest"] == []


@pytest.mark.parametrize("text", ["007", "-01", "00.5", "0123456789"])
def test_a_leading_zero_is_one_before_a_digit(text: str) -> None:
    assert facts([text])["leading_zeros"] == 1


@pytest.mark.parametrize("text", ["0", "0.5", "-0.1", "0x1", "01a", "100"])
def test_other_zeros_are_not(text: str) -> None:
    assert facts([text]).get("leading_zeros", 0) == 0
