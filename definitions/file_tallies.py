"""How the rows of each file of a run ended, from what is known of the run and of finished files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from definitions.batches import Tally


def tallies_of(
    total: Tally, opened: Sequence[str], finished: Mapping[str, Tally]
) -> Mapping[str, Tally]:
    """Return the counts of the files that a run has opened, in that order.

    They load one after the other: what is in `total` and in no finished one is of the first that
    is not finished.
    """
    if len(opened) == 1:
        return {opened[0]: total}
    rest = total
    for tally in finished.values():
        rest -= tally
    found: dict[str, Tally] = {}
    for file in opened:
        known = finished.get(file)
        found[file] = rest if known is None else known
        if known is None:
            rest = Tally()
    return found
