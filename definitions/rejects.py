"""Rejected rows as they are kept, so that a person can correct them and hand them in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from definitions.batches import Position
    from definitions.faults import Fault

# The columns that stand before those of the file; the row number tells which row a line is.
LINE, ROW = "_line", "_row"
MARKS = (LINE, ROW, "_error_code", "_error_column", "_error")
FORM, SPREADSHEET = "_form", "spreadsheet"  # the last mark of a file whose cells cannot run
CODE = MARKS[2]
ACCEPTED = "ok"  # in the place of its code: the cells of a malformed row are right as they stand
GIVEN_UP = "discard"  # in the place of its code: nobody will correct the row
MASKED = "_masked"  # a mark of a file with masked cells, which are not what stood in the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How a delimited file is written; `mark` tells whether it begins with a byte order mark.

    `quote` and `escape` may be None: there is none. An `escape` equal to `quote` is a doubled one.
    """

    encoding: str
    mark: bool
    delimiter: str
    quote: str | None
    escape: str | None
    record_end: str


PLAIN_FORM = TextForm(
    encoding="utf-8", mark=False, delimiter=",", quote='"', escape='"', record_end="\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that was left out: where it stands, why, and how many faults of the run are its own.

    `content` is the row as it stands in a delimited file, in UTF-8 and with its line end. If it is
    `as_cells`, it is a JSON array of the cells in the order of the header. It is None where the row
    is too long to be kept. `typed` has a byte for each of the cells, 1 for one that is no text in
    the file, else 0; None if all are texts.
    """

    row: int
    line: int
    code: str
    column: str | None
    message: str
    faults: int
    content: bytes | None
    as_cells: bool
    typed: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedFile:
    """The file that rejected rows come from, and all it takes to read them again as it was read.

    `number` is its place in the run's list, `identity` its content. `form` is None for a file that
    is not delimited text. `styles` is what was found out about its columns, as a document.
    """

    name: str
    number: int
    identity: str | None
    header: tuple[str, ...]
    form: TextForm | None
    styles: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """What a batch rejected: `rows` in file order, as far as they can be kept, of `count`.

    The count is 0 where the batch brings but what was found out about the columns of `file`.
    """

    file: RejectedFile
    rows: tuple[RejectedRow, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StillMalformed:
    """A row that was handed in and cannot be read, by its number, 0 if that is none.

    `cells` are its cells as far as it can be parted, those behind the last column too; None if it
    cannot be. `text` is the row as it stands in what was handed in. `content` is what is kept of
    it, `as_cells` or not as of any rejected row; None if that is what is kept already, as nobody
    has changed the row.
    """

    row: int
    fault: Fault
    cells: tuple[str, ...] | None
    text: bytes
    content: bytes | None = None
    as_cells: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedRows:
    """Some rows that a person has corrected, as cells under the header of their file.

    `rows` are the numbers they had in it, 0 for what is no number. `malformed` are rows that cannot
    be read still. `accepted` are the numbers of rows whose cells are right as they were handed out,
    `given_up` those of rows that are not to be loaded: they are in none of the others. `end` is
    where the next ones begin.
    """

    frame: pl.DataFrame
    rows: Sequence[int]
    malformed: tuple[StillMalformed, ...]
    end: Position
    accepted: frozenset[int] = frozenset()
    given_up: tuple[int, ...] = ()

    @property
    def read(self) -> int:
        """Return how many rows these are."""
        return len(self.rows) + len(self.malformed) + len(self.given_up)

    @property
    def numbers(self) -> frozenset[int]:
        """Return the numbers of all rows."""
        still = (each.row for each in self.malformed)
        return frozenset((*self.rows, *still, *self.given_up))
