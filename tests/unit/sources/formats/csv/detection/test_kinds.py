from __future__ import annotations

import pytest

from sources.formats.csv.detection.kinds import Kind, is_name, kind_of, plausibility


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (Kind.EMPTY, ["", " ", "-", "n/a", "NULL"]),
        (
            Kind.NUMBER,
            ["1", "-2.5", "1.234,56", "1,200", "12 %", "€ 5", "1e-9", "£ 1,200.00", ".5"],
        ),
        (Kind.NUMBER, ["₹1,25,000.00", "R$ 1.212,50", "1 234,50 Kč", "12 zł", "99,00 kr"]),
        (Kind.DATE, ["2020-01-31", "31.1.2020", "1/31/20", "5 Jan 2020", "March 3, 2021"]),
        (Kind.TIME, ["10:30", "9:05:01.5", "7:30 PM", "10:00+02:00"]),
        (Kind.MOMENT, ["2020-01-31 10:30", "2020-01-31T10:30:00Z"]),
        (Kind.TRUTH, ["true", "No"]),
        (Kind.ADDRESS, ["http://a.com/x?y=1", "anna@example.com", "10.0.0.1", "fe80:0:0:0:1::"]),
        (Kind.CODE, ["123e4567-e89b-12d3-a456-426614174000", "d41d8cd98f00b204e9800998ecf8427e"]),
        (Kind.WORDS, ["Anna", "1 apple", "12:30 o'clock", "5 rue X", "2020-01-31x"]),
    ],
)
def test_the_writing_of_a_cell_tells_its_kind(kind: Kind, cells: list[str]) -> None:
    assert {cell: kind_of(cell) for cell in cells} == dict.fromkeys(cells, kind)


def test_a_long_address_of_the_web_is_one_and_a_list_of_some_is_none() -> None:
    address = "https://example.com/" + "a-long-way/" * 20
    assert kind_of(address) is Kind.ADDRESS
    assert kind_of(f"{address},{address}") is Kind.WORDS


def test_a_whole_cell_looks_better_than_a_padded_or_broken_one() -> None:
    for whole, padded, broken in [("5", " 5", '"5'), ("a b", "a b ", "a;b"), ("x", "x\t", "x,y")]:
        assert plausibility(whole) > plausibility(padded) > plausibility(broken)


@pytest.mark.parametrize("cell", ["|~|", "a,b", "1|a", "x^", "~y", "code:12x", "'a", "4.5\\"])
def test_marks_in_a_cell_make_it_doubtful(cell: str) -> None:
    assert plausibility(cell) < 0.5


def test_a_huge_cell_is_looked_at_in_no_time() -> None:
    assert plausibility("x" * 10_000_000) > 0.5


def test_words_and_years_may_name_columns() -> None:
    assert all(map(is_name, ["name", "2019", " 2020 "]))
    assert not any(map(is_name, ["", "12", "3019", "2019-01-01", "1.5"]))
