"""A reader of a file in which texts stand for no value, as `source.format.null_values` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from definitions.batches import Batch, Position
from definitions.null_values import emptied
from sources.base import Reader
from sources.begun import close_batches
from sources.telling import Telling


class Emptying(Telling):
    """A reader whose cells are empty where they hold one of some texts."""

    def __init__(self, reader: Reader, null_values: Sequence[str]) -> None:
        """Take the reader and the texts."""
        told = ", ".join(map(repr, null_values))
        super().__init__(reader, {"null_values": f"{told} given"})
        self._null_values = null_values

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory."""
        batches = self._reader.batches(resume)
        try:
            for batch in batches:
                yield emptied(batch, self._null_values)
        finally:
            close_batches(batches)
