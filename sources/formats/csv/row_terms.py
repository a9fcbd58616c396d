"""What the rows of a file are held against, and what becomes of those that fall short."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.model import MalformedRows
from sources.formats.csv.detection.columns import Trait
from sources.formats.csv.dialect import Dialect
from sources.gathering import MAX_RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTerms:
    """What every row of one file should look like, and what becomes of those that do not.

    `file` is the file's name in faults. A row that is written as the `header` names the columns
    once more; if that is empty, none does. `traits` are those of the columns, as far as they are
    known.
    """

    file: str
    dialect: Dialect
    width: int
    header: bytes = b""
    traits: tuple[Trait, ...] = ()
    max_row_bytes: int = MAX_RECORD
    malformed_rows: MalformedRows = MalformedRows.REJECT

    @property
    def longest(self) -> int:
        """Return within how many bytes the end of a row must be seen, a CR with what follows."""
        return self.max_row_bytes + 1
