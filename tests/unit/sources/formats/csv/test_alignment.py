from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.csv.alignment import EVIDENCE, Aligned, with_gap, without_surplus
from sources.formats.csv.detection.columns import Trait
from sources.formats.csv.detection.kinds import Kind
from sources.opening import open_reader

NUMBER = Trait(kind=Kind.NUMBER, is_full=True)
DAY = Trait(kind=Kind.DATE, is_full=True)
WORDS = Trait(kind=None, is_full=True)
LOOSE = Trait(kind=None, is_full=False)
TRAITS = (NUMBER, DAY, WORDS, LOOSE, NUMBER)


def aligned(text: bytes) -> Aligned | None:
    cells, width = text.split(b","), len(TRAITS)
    return with_gap(cells, width, TRAITS) or without_surplus(cells, width, TRAITS, b",")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (b"1,,2026-01-02,a,b,5", b"1|2026-01-02|a|b|5"),
        (b"1,2026-01-02,a,,,5", b"1|2026-01-02|a||5"),
        (b"1,,,2026-01-02,a,b,5", b"1|2026-01-02|a|b|5"),
        (b"1,2026-01-02,Doe, A.,b,5", b"1|2026-01-02|Doe, A.|b|5"),
        (b"1,2026-01-02,Doe, A., B.,b,5", b"1|2026-01-02|Doe, A., B.|b|5"),
        (b"1,2026-01-02,a,b,5,,,", b"1|2026-01-02|a|b|5"),
        (b"1,2026-01-02,a,b,c,5", b"1|2026-01-02|a|b,c|5"),
        (b"2026-01-02,a,b,5", b"|2026-01-02|a|b|5"),
        (b"1,2026-01-02,a,5", b"1|2026-01-02|a||5"),
    ],
)
def test_cells_are_put_where_most_of_them_suit(text: bytes, cells: bytes) -> None:
    found = aligned(text)
    assert found is not None
    assert b"|".join(found.cells) == cells


@pytest.mark.parametrize(
    "text", [b"1,2026-01-02,a", b"1,2026-01-02,a,b,5,6", b"1,2026-01-02,a,b,c,5" + 9 * b",x"]
)
def test_cells_stay_where_they_are_if_nothing_speaks_for_another_place(text: bytes) -> None:
    assert aligned(text) is None


def test_without_knowing_the_columns_only_empty_cells_are_left_out() -> None:
    assert without_surplus([b"1", b"", b"2"], 2, (), b",") == Aligned(
        cells=[b"1", b"2"], how="an empty cell too many is left out"
    )
    assert without_surplus([b"1", b"", b"2", b""], 3, (), b",") == Aligned(
        cells=[b"1", b"", b"2"], how="the surplus is left out"
    )
    assert without_surplus([b"Doe", b"A.", b"2"], 2, (), b",") is None
    assert with_gap([b"1"], 2, ()) is None


def test_without_knowing_the_columns_a_lone_space_tells_what_is_joined() -> None:
    def joined(*cells: bytes) -> list[bytes] | None:
        found = without_surplus(cells, 2, (), b",")
        return found.cells if found else None

    assert joined(b"a", b"b", b" c") == [b"a", b"b, c"]
    assert joined(b"a", b" b", b"c") == [b"a, b", b"c"]
    assert joined(b" a", b"b", b"c") is None
    assert joined(b"a", b" b", b" c") is None
    assert joined(b"a", b"b", b"c", b" d") is None  # two are too many
    assert joined(b"a", b"b, c", b" d") is None  # what has a delimiter in it was in quotes


def test_a_cell_with_a_delimiter_was_in_quotes_and_is_joined_to_no_other() -> None:
    cells = [b"1", b"2026-01-02", b"a", b"b", b"c, d", b"5"]
    joined = without_surplus(cells, len(TRAITS), TRAITS, b",")
    assert joined is not None
    assert joined.cells == [b"1", b"2026-01-02", b"a,b", b"c, d", b"5"]


@given(
    cells=st.lists(st.sampled_from([b"", b"7", b"2024-01-02", b"x"]), max_size=5),
    traits=st.lists(st.sampled_from([NUMBER, DAY, WORDS, LOOSE]), min_size=1, max_size=7),
)
def test_a_gap_is_where_most_cells_suit_of_all_places(
    cells: list[bytes], traits: list[Trait]
) -> None:
    missing = len(traits) - len(cells)
    if missing < 1:
        return
    ways = [[*cells[:at], *[b""] * missing, *cells[at:]] for at in range(len(cells) + 1)]
    merits = [
        sum(trait.suits(cell.decode()) for trait, cell in zip(traits, way, strict=True))
        for way in ways
    ]
    last_of_best = max(range(len(ways)), key=lambda place: (merits[place], place))
    found = with_gap(cells, len(traits), tuple(traits))
    is_told = merits[last_of_best] >= merits[-1] + EVIDENCE
    assert (None if found is None else found.cells) == (ways[last_of_best] if is_told else None)


def last_row(path: Path, row: str, count: Callable[[int], object]) -> tuple[str | None, ...]:
    """Return how `row` is read behind rows with a full and a loose column, and their `count`."""
    before = (f"{n},n{n},{'' if n % 4 else f'note {n}'},{count(n)}\n" for n in range(10, 40))
    path.write_text("id,name,note,count\n" + "".join(before) + row + "\n")
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD))
    return [row for batch in open_reader(path, "f", terms).batches() for row in batch.frame.rows()][
        -1
    ]


def test_a_gap_is_believed_if_two_cells_more_suit_their_columns(tmp_path: Path) -> None:
    """The number suits the last column and not the one before, and if it is full no empty cell."""
    full = last_row(tmp_path / "full.csv", "7,Ann,12", lambda n: 2 * n)
    loose = last_row(tmp_path / "loose.csv", "7,Ann,12", lambda n: 2 * n if n % 5 else "")

    assert full == ("7", "Ann", "", "12")
    assert loose == ("7", "Ann", "12", "")


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("7," + 8 * "," + "Ann,x,12", ("7", "Ann", "x", "12")),
        ("7," + 9 * "," + "Ann,x,12", ("7", "", "", "")),
        ("7,Ann,a" + 8 * ", b" + ",12", ("7", "Ann", "a" + 8 * ", b", "12")),
        ("7,Ann,a" + 9 * ", b" + ",12", ("7", "Ann", "a", " b")),
    ],
)
def test_of_more_than_eight_cells_too_many_no_place_is_looked_for(
    tmp_path: Path, row: str, cells: tuple[str, ...]
) -> None:
    assert last_row(tmp_path / "f.csv", row, lambda n: 2 * n) == cells
