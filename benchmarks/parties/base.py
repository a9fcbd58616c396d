"""What every party promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

from benchmarks.measuring import Measured
from benchmarks.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One load as a user would time it; `rows` are those that a database has afterwards.

    `processor_seconds` are those of the party itself; a database server's are not in them.
    `seconds` is None, and `note` says why, for a party that did not load the file.
    """

    seconds: float | None
    rows: int = 0
    processor_seconds: float = 0.0
    peak_bytes: int = 0
    note: str = ""

    @classmethod
    def of(cls, done: Measured, rows: int) -> Self:
        """Return the figure of a process that loaded so many rows."""
        return cls(
            seconds=done.seconds,
            rows=rows,
            processor_seconds=done.processor_seconds,
            peak_bytes=done.peak_bytes,
        )


class Party(Protocol):
    """Loads a file into a database, in a process of its own."""

    def measure(self, shop: Workshop) -> Figure:
        """Load once; what is made ready before is not measured.

        Raise `SkippedError` where it cannot be tried, `BenchmarkError` for a load that went wrong
        and must not.
        """
