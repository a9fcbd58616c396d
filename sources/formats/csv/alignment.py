"""Where the cells of a row belong that has too many of them, or too few.

What the columns hold tells: the way is taken in which most cells suit theirs. Too many cells are
those of an empty one that a surplus delimiter made, or the parts of a text with delimiters that is
not in quotes; where some are missing there is a gap. No cell is lost or changed, and one with a
delimiter in it was in quotes: it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from sources.formats.csv.detection.columns import Trait, kind_in
from sources.formats.csv.detection.kinds import Kind

MOST_TOO_MANY = 8
MOST_KNOWN = 1 << 10
EVIDENCE = 2  # so many cells more must suit their columns for a gap, or one of several equal ways
SPACED = 0.5  # what it counts that parts of a text have spaces before them


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """The cells of a row, as many as there are columns, and a word on where they were put."""

    cells: list[bytes]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    cells: list[bytes]
    merit: float


def without_surplus(
    cells: Sequence[bytes], width: int, traits: Sequence[Trait], delimiter: bytes
) -> Aligned | None:
    """Return `cells`, which are too many, in their columns; None if it cannot be told."""
    surplus = len(cells) - width
    if not 0 < surplus <= MOST_TOO_MANY:
        return None
    if not traits and (parts := _joined_at_space(cells, delimiter, surplus)):
        return Aligned(cells=parts, how="cells are joined where the second begins with a space")
    told = _kinds(cells, len(traits) + surplus if traits else 0)
    suits = _Suits(told, len(cells), traits, surplus)
    emptied = list(_without_empty(cells, surplus, suits))
    joined = list(_with_joined(cells, surplus, suits, delimiter)) if traits else []
    empty = _best(emptied)
    merit = empty.merit if empty else suits.before(width)
    text = _best_joined(joined, merit)
    if text and text.merit > merit:
        return Aligned(cells=text.cells, how="cells are joined that suit one column")
    if empty is None:
        return None
    is_cut = empty.cells == list(cells[:width])
    how = "the surplus is left out" if is_cut else "an empty cell too many is left out"
    return Aligned(cells=empty.cells, how=how)


def with_gap(cells: Sequence[bytes], width: int, traits: Sequence[Trait]) -> Aligned | None:
    """Return `cells`, which are too few, with empty ones in their midst if much speaks for it."""
    missing = width - len(cells)
    if missing <= 0 or not traits:
        return None
    at = _place_of_gap(_kinds(cells, len(traits)), len(cells), traits, missing)
    if at is None:
        return None
    return Aligned(
        cells=[*cells[:at], *[b""] * missing, *cells[at:]],
        how="the missing cells are empty, the others where they suit",
    )


@lru_cache(maxsize=MOST_KNOWN)
def _place_of_gap(
    kinds: Sequence[Kind], count: int, traits: Sequence[Trait], missing: int
) -> int | None:
    """Return before which of `count` cells there is a gap, if much speaks for it.

    The kinds of the cells tell, of which the short rows of a file have few combinations.
    """
    merits = _Suits(kinds, count, traits, -missing).with_gap_at(missing)
    best = max(merits)
    return None if best < merits[-1] + EVIDENCE else count - merits[::-1].index(best)


def _kinds(cells: Sequence[bytes], most: int) -> tuple[Kind, ...]:
    return tuple([kind_in(cell.decode(errors="replace")) for cell in cells[:most]])


class _Suits:
    """How well the cells of a row suit the columns, as they stand and moved by some places."""

    def __init__(
        self, kinds: Sequence[Kind], count: int, traits: Sequence[Trait], shift: int
    ) -> None:
        """Take the kinds of the cells, of which there are `count`, as far as they may be told."""
        self._traits = traits
        staying = [trait.likes(kind) for trait, kind in zip(traits, kinds, strict=False)]
        moved = zip(traits[max(-shift, 0) :], kinds[max(shift, 0) :], strict=False)
        begun = [0] * min(max(shift, 0), count)  # cells that would be before the first column
        self._staying = _sums(staying, count)
        self._moved = _sums([*begun, *[trait.likes(kind) for trait, kind in moved]], count)

    def of(self, text: str, column: int) -> int:
        """Return how well a cell suits a column."""
        return self._traits[column].suits(text) if 0 <= column < len(self._traits) else 0

    def before(self, place: int) -> int:
        """Return how well the cells before `place` suit the columns as they stand."""
        return self._staying[place]

    def behind(self, place: int) -> int:
        """Return how well the cells from `place` on suit the columns when they are moved."""
        return self._moved[-1] - self._moved[place]

    def with_gap_at(self, missing: int) -> list[int]:
        """Return how well cells suit with so many empty ones before each, and behind the last."""
        count, empty = len(self._staying), [trait.likes(Kind.EMPTY) for trait in self._traits]
        before = _sums(empty, count + missing - 1)
        places = zip(self._staying, self._moved, before, before[missing:], strict=False)
        return [
            staying + self._moved[-1] - moved + end - begin for staying, moved, begin, end in places
        ]


def _sums(merits: Sequence[int], count: int) -> list[int]:
    """Return the sums of the first merits, from none to `count`; those that lack are zero."""
    return [0, *accumulate([*merits, *[0] * (count - len(merits))])]


def _without_empty(cells: Sequence[bytes], surplus: int, suits: _Suits) -> Iterator[_Way]:
    """Yield the rows without so many neighbouring cells that are empty."""
    for at in range(len(cells) - surplus + 1):
        if not any(map(bytes.strip, cells[at : at + surplus])):
            rest = [*cells[:at], *cells[at + surplus :]]
            yield _Way(cells=rest, merit=suits.before(at) + suits.behind(at + surplus))


def _with_joined(
    cells: Sequence[bytes], surplus: int, suits: _Suits, delimiter: bytes
) -> Iterator[_Way]:
    """Yield the rows in which so many delimiters are text, of cells that were not in quotes."""
    for at in range(len(cells) - surplus):
        end = at + surplus + 1
        if any(delimiter in cell for cell in cells[at:end]):
            continue
        text = delimiter.join(cells[at:end])
        merit: float = suits.before(at) + suits.of(text.decode(errors="replace"), at)
        merit += suits.behind(end)
        if all(cell.startswith(b" ") for cell in cells[at + 1 : end]):
            merit += SPACED
        yield _Way(cells=[*cells[:at], text, *cells[end:]], merit=merit)


def _joined_at_space(cells: Sequence[bytes], delimiter: bytes, surplus: int) -> list[bytes]:
    """Return a row without the delimiter behind which the only cell begins that has a space there.

    There is nothing if it is not just one that is too much.
    """
    spaced = [i for i, cell in enumerate(cells) if cell.startswith(b" ")]
    if surplus > 1 or len(spaced) != 1 or not spaced[0]:
        return []
    parts = cells[spaced[0] - 1 : spaced[0] + 1]
    if any(delimiter in part or not part.strip() for part in parts):
        return []
    return [*cells[: spaced[0] - 1], delimiter.join(parts), *cells[spaced[0] + 1 :]]


def _merit(way: _Way) -> float:
    return way.merit


def _best(ways: Sequence[_Way], merit: Callable[[_Way], float] = _merit) -> _Way | None:
    """Return the last of the best, None if there are none."""
    return max(reversed(ways), key=merit, default=None)


def _best_joined(ways: Sequence[_Way], merit: float) -> _Way | None:
    """Return the best one if no other is as good, or it is much better than `merit`."""
    best = _best(ways)
    if best is None or best.merit >= merit + EVIDENCE:
        return best
    return best if sum(way.merit == best.merit for way in ways) == 1 else None
