"""Keeping rejected rows beside the ledger, in the transaction of the batch that rejected them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from definitions.rejects import RejectedFile, RejectedRow, Rejects
from destinations.bulk import Values, bulk_for
from destinations.tables import run_reject_files, run_rejects
from destinations.texts import storable

ROW_COST: Final = 200  # bytes that a kept row takes beside its content
COLUMNS: Final = (
    "run_id", "part", "row", "line", "code", "column", "message", "faults", "content", "as_cells",
    "typed",
)  # fmt: skip


class Keeping:
    """Keeps the rejected rows of one run as long as they take no more than `most` bytes.

    Rows are kept in file order; after the first one that has no room none is kept. Rows without
    content are not. All of them are counted.
    """

    def __init__(self, started_at: datetime, most: int) -> None:
        """Take when the run began, and the limit."""
        self._started_at = started_at
        self._most = most
        self.has_room = most > 0

    def keep(self, connection: Connection, run_id: str, rejects: Rejects) -> None:
        """Keep the rows of a batch; what is kept is that of the transaction.

        A file is kept before its first rejected row if a batch tells how its columns are written:
        an attempt that goes on behind that batch may not know it.
        """
        files = _files(connection, run_id)
        known = next((each for each in files if each.is_of(rejects.file)), None)
        part = len(files) + 1 if known is None else known.part
        if known is None:
            self._add_file(connection, run_id, part, rejects.file)
        else:
            _add_styles(connection, run_id, known, rejects.file)
        room = self._most - sum(each.kept_bytes for each in files)
        storable = [row for row in rejects.rows if row.content is not None]
        rows = list(_fitting(storable, room))
        self.has_room = self.has_room and len(rows) == len(storable)
        size = sum(map(_size, rows)) if self.has_room else room  # that is: none is left
        _count(connection, run_id, part, _Kept(rejected=rejects.count, rows=len(rows), size=size))
        if rows:
            values = [_values(run_id, part, row) for row in rows]
            bulk_for(connection).add_rows(connection, run_rejects.name, COLUMNS, values)

    def _add_file(self, connection: Connection, run_id: str, part: int, file: RejectedFile) -> None:
        values = {
            "run_id": run_id,
            "part": part,
            "number": file.number,
            "identity": file.identity,
            "name": storable(file.name),
            "header": [storable(name) for name in file.header],
            "form": None if file.form is None else asdict(file.form),
            "styles": dict(file.styles),
            "at": self._started_at,
            **dict.fromkeys(("rejected", "kept_bytes", "kept", "repaired"), 0),
        }
        connection.execute(sa.insert(run_reject_files).values(values))


class _File(NamedTuple):
    """A file of a run that has rejected rows."""

    part: int
    number: int
    identity: str | None
    rejected: int
    kept: int
    kept_bytes: int
    styles: Mapping[str, Mapping[str, str]]

    def is_of(self, file: RejectedFile) -> bool:
        """Tell whether it is that file with that content."""
        return (self.number, self.identity) == (file.number, file.identity)


class _Kept(NamedTuple):
    """What becomes of the rejected rows of a batch."""

    rejected: int
    rows: int
    size: int


def _files(connection: Connection, run_id: str) -> list[_File]:
    columns = [run_reject_files.c[name] for name in _File._fields]
    found = sa.select(*columns).where(run_reject_files.c.run_id == run_id)
    return [_File(*row) for row in connection.execute(found).all()]


def _add_styles(connection: Connection, run_id: str, known: _File, file: RejectedFile) -> None:
    """Add what was found out since; an attempt that goes on later may not know it yet again."""
    styles = {
        matter: {**known.styles.get(matter, {}), **found} for matter, found in file.styles.items()
    }
    if any(styles[matter] != known.styles.get(matter, {}) for matter in styles):
        mine = run_reject_files.c.run_id == run_id, run_reject_files.c.part == known.part
        values = {"styles": {**known.styles, **styles}}
        connection.execute(sa.update(run_reject_files).where(*mine).values(values))


def _count(connection: Connection, run_id: str, part: int, kept: _Kept) -> None:
    file = run_reject_files.c
    more = {
        "rejected": file.rejected + kept.rejected,
        "kept": file.kept + kept.rows,
        "kept_bytes": file.kept_bytes + kept.size,
    }
    connection.execute(
        sa.update(run_reject_files).where(file.run_id == run_id, file.part == part).values(more)
    )


def _fitting(rows: Sequence[RejectedRow], room: int) -> Iterator[RejectedRow]:
    """Yield the rows up to the first that does not fit."""
    for row in rows:
        room -= _size(row)
        if room < 0:
            return
        yield row


def _size(row: RejectedRow) -> int:
    return ROW_COST + len(row.content or b"") + len(row.message)


def _values(run_id: str, part: int, row: RejectedRow) -> Values:
    return (run_id, part, *(storable(getattr(row, name)) for name in COLUMNS[2:]))
