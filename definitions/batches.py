"""The values that flow from a file to a destination: positions, batches, records, counts.

```
Batch (as read: text columns) --mapping--> Records (as mapped) + faults --destination--> Tally
```
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from definitions.arrays import Mask, Numbers
    from definitions.faults import Fault, FaultCode
    from definitions.rejects import Rejects, TextForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where reading goes on: offset in the decompressed, UTF-8 text; next data row; next line.

    `byte` counts from 0, `row` (header not counted) and `line` from 1. A format that has no use
    for an offset says what its `byte` counts.
    """

    byte: int
    row: int
    line: int


class Originals(Protocol):
    """The rows of a batch as they stand in their delimited file."""

    @property
    def form(self) -> TextForm:
        """Return how the file is written."""

    def texts(self, wanted: Sequence[tuple[int, FaultCode | None]]) -> list[bytes | None]:
        """Return the text of rows in UTF-8, with their line ends.

        A row is told by the line on which it begins and, if it is malformed, by what is wrong with
        it; lines are in ascending order. Of a row that is too long nothing is returned.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some consecutive rows of one file, all cells text, and the rows that could not be read.

    `frame` has one String column per header name, in the header's order; an empty cell is "".
    `rows` and `lines` hold the 1-based data row and physical line of each frame row. `faults` are
    malformed rows: those that are rejected are not in the frame; where it is known without looking
    at each, `rejected_count` is their number. `end` is where the next batch starts. A batch of
    delimited text brings the `originals` of its rows.

    `typed` tells of a column which of its cells are no text in the file but a number, a date or
    another value: their text is the plain one, however the text of others is written. Of an empty
    cell it tells nothing. In a column that is not there none is such, as in all of a text file.
    """

    frame: pl.DataFrame
    rows: Numbers
    lines: Numbers
    faults: Sequence[Fault]
    end: Position
    originals: Originals | None = None
    rejected_count: int | None = None
    typed: Mapping[str, Mask] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Return how many data rows this batch stands for, rejected ones included."""
        return self.frame.height + self.rejected

    @property
    def rejected(self) -> int:
        """Return how many malformed rows are not in the frame."""
        if self.rejected_count is not None:
            return self.rejected_count
        return sum(fault.rejects_row for fault in self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Rows as mapped, ready to load; rejected rows are not in it.

    `frame` holds, in file order: `row` (Int64), `properties` (String: a JSON object, only the
    properties that are set, in the order of `stored_order`, of events in that of their names,
    numbers canonical), and by destination kind:

    - customers: one String column `id.<name>` per entry of `ids` (null = no such id in the row, at
      least one not null), `updated_at` (Float64 epoch seconds; null = no update timestamp)
    - events: the `id.<name>` columns, `event_type` (String), `timestamp` (Float64 epoch seconds;
      null = no explicit timestamp: run, file and row identify the event and it happens at the
      run's start)
    - catalogs: `item_id` (String)

    `file` is the index of their file in the run's list, `identity` its content, as a `Checkpoint`
    has it; rows are numbered per file. `ready` is what their destination made of them ahead of
    writing, if it did; then `frame` has but `row`. `touched` has numbers (Int64) for what
    they write to: batches without one in common touch nothing in common. `rejects` are the
    rows of the batch that are not among the records, to be kept with it.
    """

    frame: pl.DataFrame
    ids: tuple[str, ...]
    file: int = 0
    identity: str | None = None
    ready: object | None = None
    touched: pl.Series | None = None
    rejects: Rejects | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyBatch:
    """A batch ready to be written, without what it was made of.

    `read` is how many rows it stands for: those that are not among the `records` were rejected.
    `faults` are malformed rows and bad cells in file order: all, or enough for a run; `fault_count`
    is how many there are. `end` is where the next batch starts. `evidence` is all that is known of
    how columns are written, if some of it was found out with this batch.
    """

    records: Records
    faults: Sequence[Fault]
    fault_count: int
    read: int
    end: Position
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """Return how many rows are not among the records."""
        return self.read - self.records.frame.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the rows of a batch, a file or a run ended; `read` is the sum of the other five."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Add count by count."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return replace(self, **sums)

    def __sub__(self, other: Tally) -> Tally:
        """Take away count by count."""
        rest = {f.name: getattr(self, f.name) - getattr(other, f.name) for f in fields(self)}
        return replace(self, **rest)

    @property
    def adds_up(self) -> bool:
        """Tell whether every row read is accounted for exactly once."""
        ends = self.created + self.updated + self.unchanged + self.rejected + self.skipped
        return self.read == ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far the committed batches of a run reach.

    `file` is the index in the run's file list, `identity` names the file's content (its SHA-256),
    so a changed file is noticed; `position` is None before the first batch of that file.
    """

    file: int = 0
    identity: str | None = None
    position: Position | None = None
    batches: int = 0
    tally: Tally = Tally()
    fault_count: int = 0
