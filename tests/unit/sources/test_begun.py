from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from definitions.batches import Batch
from sources.base import ReadTerms
from sources.begun import MOST_KEPT, Begun
from sources.opening import open_reader

ROWS = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is read in several batches."""
    made = tmp_path / "a.csv"
    made.write_text("".join(["n\n", *(f"{row}\n" for row in range(1, ROWS + 1))]))
    return made


@pytest.fixture
def begun(path: Path) -> Begun:
    return Begun(open_reader(path, "a.csv", ReadTerms(batch_size=100)))


def numbers(batches: Iterator[Batch]) -> list[int]:
    return [int(row) for batch in batches for row in batch.rows]


def test_what_was_looked_at_is_not_read_again(begun: Begun, path: Path) -> None:
    looked_at = numbers(islice(begun.look(), MOST_KEPT))
    path.unlink()

    assert numbers(begun.batches()) == [*range(1, ROWS + 1)]
    assert 0 < len(looked_at) < ROWS


def test_every_look_and_every_reading_begins_with_the_first_row(begun: Begun) -> None:
    for _ in range(2):
        assert numbers(islice(begun.look(), 2))[0] == 1
    for _ in range(2):
        assert numbers(begun.batches()) == [*range(1, ROWS + 1)]


def test_no_more_is_kept_than_memory_may_hold(begun: Begun, path: Path) -> None:
    numbers(islice(begun.look(), MOST_KEPT + 1))
    assert numbers(begun.batches()) == [*range(1, ROWS + 1)]

    numbers(islice(begun.look(), MOST_KEPT + 1))
    path.unlink()
    with pytest.raises(FileNotFoundError):
        numbers(begun.batches())


def test_another_place_to_begin_is_begun_from(begun: Begun) -> None:
    (first,) = islice(begun.look(), 1)

    assert numbers(begun.batches(first.end)) == [*range(first.end.row, ROWS + 1)]
    assert numbers(begun.batches()) == [*range(1, ROWS + 1)]


def test_a_file_may_end_while_it_is_looked_at(begun: Begun) -> None:
    assert numbers(begun.look()) == numbers(begun.batches()) == [*range(1, ROWS + 1)]


def test_reading_may_end_early(begun: Begun) -> None:
    numbers(islice(begun.look(), 2))
    batches = begun.batches()
    next(batches)
    batches.close()  # type: ignore[attr-defined]

    assert list(batches) == []


def test_it_tells_what_the_reader_tells(begun: Begun) -> None:
    assert (begun.header, begun.named) == (("n",), True)
    assert begun.evidence["delimiter"]
