"""A file whose beginning is looked at before it is loaded, and is read but once for both."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator

from definitions.batches import Batch, Position
from sources.base import Reader
from sources.telling import Telling

MOST_KEPT = 2  # batches: the small one of the beginning, and one of the usual size


class Begun(Telling):
    """A reader that keeps the batches that were looked at, until its rows are wanted.

    Where rows are so long that a look takes more than `MOST_KEPT` batches none is kept, and they
    are read again.
    """

    def __init__(self, reader: Reader) -> None:
        """Take the reader, of which no batch was read yet."""
        super().__init__(reader)
        self._looked_at: deque[Batch] = deque()
        self._rest: Iterator[Batch] | None = None

    def look(self) -> Iterator[Batch]:
        """Yield batches in file order from the first row on, and keep them if they are few."""
        self._forget()
        batches = self._rest = self._reader.batches()
        for number, batch in enumerate(batches, 1):
            if number <= MOST_KEPT:
                self._looked_at.append(batch)
            else:
                self._looked_at, self._rest = deque(), None
            yield batch

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory.

        What is kept is handed out once, if that is where to begin, and forgotten otherwise.
        """
        if resume is None and self._rest is not None:
            kept, rest = self._looked_at, self._rest
            self._looked_at, self._rest = deque(), None
            return _all_of(kept, rest)
        self._forget()
        return self._reader.batches(resume)

    def _forget(self) -> None:
        close_batches(self._rest)
        self._looked_at, self._rest = deque(), None


def _all_of(kept: deque[Batch], rest: Iterator[Batch]) -> Generator[Batch]:
    """Yield what was kept, keeping it no longer, and what comes behind it."""
    try:
        while kept:
            yield kept.popleft()
        yield from rest
    finally:
        close_batches(rest)


def close_batches(batches: Iterator[Batch] | None) -> None:
    """Close what batches come from if that is a generator, which may hold a file open."""
    if isinstance(batches, Generator):
        batches.close()
