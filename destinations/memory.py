"""What a run remembers of a project's ids, so that it need not look up each of them again.

An id is remembered as two hashes of 64 bits whose seeds no other process has: 24 bytes an id,
however long it is. That an unknown id is taken for a remembered one happens once in 10^32.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from definitions.arrays import Numbers
from destinations.bulk import NOBODY, AllNewSoFar

MOST_KEPT: Final = 1_500_000  # ids: 36 MB
_ANY_SEED: Final = (1 << 63) - 1
_SEEDS: Final = tuple(hash(text) & _ANY_SEED for text in ("first", "second"))  # Python draws them


class IdHashes(NamedTuple):
    """What ids are remembered by, in their order."""

    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, ids: pl.DataFrame) -> IdHashes:
        """Return the hashes of `id_type`, `id_value`."""
        texts = ids.select(pl.concat_str("id_type", "id_value", separator="\0")).to_series()
        first, second = (texts.hash(seed).to_numpy() for seed in _SEEDS)
        return cls(first, second)

    def at(self, places: npt.NDArray[np.intp]) -> IdHashes:
        """Return those of some ids."""
        return IdHashes(self.first[places], self.second[places])


class IdMemory:
    """Whose the ids of a project are, as far as a run has read them.

    It holds for one count of `changes`: how often ids of the project were taken from somebody. Ids
    that somebody else was given since are not remembered. `all_new` is that of ids which were taken
    for new without a look.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.all_new = AllNewSoFar()
        self.forget(0)

    def forget(self, changes: int) -> None:
        """Begin anew, at another count of changes.

        `block` is the next block of the table that is to be read, None if they are read no more.
        `reached` is up to which value ids of a type were read, in the order of the index; None: all
        were. `due` is how many looks others are still to be read for.
        """
        self.changes = changes
        self.block: int | None = 0
        self.reached: dict[str, str | None] = {}
        self.due = 0
        nothing = np.empty(0, np.uint64)
        self._hashes = IdHashes(nothing, nothing)
        self._customers: Numbers = np.empty(0, np.int64)

    def __len__(self) -> int:
        """Return how many ids are remembered."""
        return len(self._customers)

    def recall(self, hashes: IdHashes) -> Numbers:
        """Return whose each id is; `NOBODY`'s is one that is not remembered.

        They are looked for in the order in which they lie: each is near the one before.
        """
        customers = np.full(len(hashes.first), NOBODY, np.int64)
        if not len(self):
            return customers
        order = np.argsort(hashes.first)
        asked = hashes.at(order)
        places = np.searchsorted(self._hashes.first, asked.first)
        places[places == len(self)] = 0
        found = self._hashes.at(places)
        is_it = (found.first == asked.first) & (found.second == asked.second)
        customers[order[is_it]] = self._customers[places[is_it]]
        return customers

    def keep(self, hashes: IdHashes, customers: Numbers) -> None:
        """Remember ids that were not remembered."""
        order = np.argsort(hashes.first)
        new = hashes.at(order)
        taken = np.searchsorted(self._hashes.first, new.first) + np.arange(len(order))
        is_free = np.ones(len(self) + len(order), np.bool_)
        is_free[taken] = False
        free = np.flatnonzero(is_free)

        def merged(old: npt.NDArray[Any], added: npt.NDArray[Any]) -> npt.NDArray[Any]:
            both = np.empty(len(is_free), old.dtype)
            both[taken], both[free] = added, old
            return both

        self._customers = merged(self._customers, customers[order])
        self._hashes = IdHashes(*map(merged, self._hashes, new))
