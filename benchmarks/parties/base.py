"""What every party promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from benchmarks.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One load as a user would time it; `rows` are those that a database has afterwards.

    `seconds` is None, and `note` says why, for a party that did not load the file.
    """

    seconds: float | None
    rows: int = 0
    peak_bytes: int = 0
    note: str = ""


class Party(Protocol):
    """Loads a file into a database, in a process of its own."""

    def measure(self, shop: Workshop) -> Figure:
        """Load once; what is made ready before is not measured.

        Raise `SkippedError` where it cannot be tried, `BenchmarkError` for a load that went wrong
        and must not.
        """
