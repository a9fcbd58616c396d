from __future__ import annotations

import pytest

from sources.formats.csv.detection.number_names import are_names


def told(names: str, *below: str) -> bool:
    row = names.split(";")
    places = [i for i, cell in enumerate(row) if cell.lstrip("-")[:1].isdigit()]
    return are_names(row, places, [line.split(";") for line in below])


@pytest.mark.parametrize(
    ("names", "below"),
    [
        ("land;2019;2020", ("AT;8,8;8,9", "DE;83;84")),
        ("name;1;2;3;4", ("Anna;2;3;1;1", "Ben;1;1;4;2")),
        ("meter;0;1;2;3", ("north;1,2;1,3;1,1;0,9", "south;2;2;2;2")),
        ("price;0%;25%;50%;75%", ("north;1;3;4;9", "south;2;2;2;7")),
        ("z;0.00;0.01;0.02", ("row a;.5;.504;.508", "row b;.54;.544;.55")),
        ("site;-10;0;10", ("a;5;4;4", "b;1;9;2")),
        ("sample;400;410;420", ("blank;0.01;0.02;0.01", "S1;0.1;0.2;.3")),
        ("well;450;570;result", ("A1;3.675;0.153;neg", "B2;1.18;.99;pos", "C3;3.48;0.4e5;x")),
    ],
)
def test_years_and_numbers_that_go_up_or_stand_above_fractions_are_names(
    names: str, below: tuple[str, ...]
) -> None:
    assert told(names, *below)


@pytest.mark.parametrize(
    ("first", "below"),
    [
        ("a;1;2;3", ("b;4;5;6", "c;7;8;9")),  # others go up as well
        ("a;1;1;1", ("b;4;5;6", "c;7;8;9")),
        ("a;3;2;1", ("b;4;9;6", "c;7;8;4")),
        ("a;1;2", ("b;4;9", "c;7;3")),  # two steps are chance
        ("a;1;2,5;3", ("b;4;5;6", "c;7;8;9")),
        ("a;450;570", ("b;3.6;0.1", "c;1.2;4", "d;1.1;2.2")),  # one below is whole
        ("a;450;570", ("b;3.6;0.1", "c;1.2;0.4")),  # too few
        ("a;3;2", ("b;3.6;0.1", "c;1.2;4.5", "d;1.1;2.2")),  # not beyond what is below them
        ("1;2;3", ("4;9;2", "7;8;5")),  # no word, nothing but whole numbers
        ("a;2019;2020", ("b;2018;2021", "c;2017;2022")),
    ],
)
def test_other_numbers_are_those_of_a_row(first: str, below: tuple[str, ...]) -> None:
    assert not told(first, *below)


def test_without_words_numbers_go_up_and_stand_above_fractions_to_be_names() -> None:
    assert told("0;1;2", "0.1;0.7;0.2", "0.4;0.5;0.1", "0.3;0.3;0.9")
    assert not told("0;1;2", "0.1;0.7;0.2", "0.4;0.5;0.1", "0.3;3;0.9")


def test_a_number_of_thousands_of_digits_is_no_year() -> None:
    assert not told("a;1;2;4", f"b;{'9' * 5000};5;1", "c;1;1;1")
