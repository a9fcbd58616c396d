from __future__ import annotations

import pytest

from sources.formats.csv.detection.fixed_width import places_of_columns, told_of_fixed_width

CITIES = ("New York", "Berlin", "Paris", "Los Angeles")
TABLE = "NAME      CITY          PRICE\n" + "".join(
    f"{f'name {i}':10}{CITIES[i % 4]:14}{i * 1.5:5.2f}\n" for i in range(12)
)


def test_columns_at_fixed_places_are_seen() -> None:
    assert places_of_columns(TABLE) == (1, 11, 25)
    told = told_of_fixed_width(TABLE, 1, ",")["fixed_width"]
    assert told.startswith("columns seem to begin at the characters 1, 11, 25 of each line; it is")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna\nbert\ncarl\ndora\neva\nfritz\n",
        "It was so  to say fine\nand  nobody knew\nwhat it  was\nall of  it\nbut  then\nwell\n",
        "a  b\na  b\n",
        "\n" * 99,
    ],
)
def test_other_lines_have_none(text: str) -> None:
    assert places_of_columns(text) == ()


def test_a_text_of_several_columns_is_not_asked() -> None:
    assert told_of_fixed_width(TABLE, 2, ",") == {}
    assert told_of_fixed_width(TABLE, 9, " ") != {}
