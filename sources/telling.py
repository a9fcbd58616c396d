"""A reader that tells more about its file than its format does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.batches import Batch, Position
from sources.base import Reader


class Telling:
    """A reader as it is, with some more evidence or none."""

    def __init__(self, reader: Reader, told: Mapping[str, str] | None = None) -> None:
        """Take the reader, and what is told behind its own evidence."""
        self._reader, self._told = reader, told or {}

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""
        return self._reader.header

    @property
    def named(self) -> bool:
        """Tell whether the file or the definition names the columns; else they are numbered."""
        return self._reader.named

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected about the file, and what else is told."""
        return {**self._reader.evidence, **self._told}

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory."""
        return self._reader.batches(resume)
