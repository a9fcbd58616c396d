"""The rejected rows of one file of a run, as a repair finds and changes them.

A row waits until a repair loads it or gives it up. Every change is part of a transaction that the
repair has opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from definitions.faults import OF_ROWS
from definitions.rejects import RejectedRow
from destinations.tables import run_reject_files, run_rejects
from importmgr.store.rejects import to_row
from importmgr.store.transactions import Transaction

ASKED_AT_ONCE = 1000  # rows of one query
_KEPT = ("code", "column", "message", "faults", "content", "as_cells", "typed")
_IS_COMPARED = run_rejects.c.code.in_(sorted(OF_ROWS)) | run_rejects.c.typed.is_not(None)
_COMPARED = sa.case((_IS_COMPARED, run_rejects.c.content)).label("content")


class WaitingRows:
    """The rows of the file `part` of a run that a repair, itself the run `by`, works on."""

    def __init__(self, run_id: str, part: int, by: str) -> None:
        """Take whose rows they are, and who works on them."""
        self._by = by
        self._mine = (run_rejects.c.run_id == run_id) & (run_rejects.c.part == part)
        self._waits = run_rejects.c.repaired_by.is_(None)
        self._file = (run_reject_files.c.run_id == run_id) & (run_reject_files.c.part == part)

    def take(self, transaction: Transaction, numbers: Collection[int]) -> dict[int, RejectedRow]:
        """Return those of the rows that wait, by number, and keep others from them.

        Only malformed ones, and those with cells that are no text in their file, come with what
        stands in them.
        """
        found = self._found(transaction, numbers, _COMPARED, self._waits)
        return {row.row: row for row in found}

    def mine(self, transaction: Transaction, numbers: Collection[int]) -> dict[int, RejectedRow]:
        """Return, as `take` does, those of the rows that wait or that this repair has settled."""
        mine = self._waits | (run_rejects.c.repaired_by == self._by)
        return {row.row: row for row in self._found(transaction, numbers, _COMPARED, mine)}

    def whole(self, transaction: Transaction, numbers: Collection[int]) -> Iterator[RejectedRow]:
        """Yield those of the rows that wait, with what stands in them."""
        return self._found(transaction, numbers, run_rejects.c.content, self._waits)

    def _found(
        self,
        transaction: Transaction,
        numbers: Collection[int],
        content: sa.ColumnElement[Any],
        which: sa.ColumnElement[bool],
    ) -> Iterator[RejectedRow]:
        columns, asked = run_rejects.c, sorted(numbers)
        names = [name for name in RejectedRow.__slots__ if name != "content"]
        rows = sa.select(content, *(columns[name] for name in names)).where(self._mine, which)
        for start in range(0, len(asked), ASKED_AT_ONCE):
            some = columns.row.in_(asked[start : start + ASKED_AT_ONCE])
            yield from map(to_row, transaction.execute(rows.where(some).with_for_update()))

    def settle(
        self, transaction: Transaction, *, loaded: Collection[int], given_up: Collection[int]
    ) -> None:
        """Let rows wait no more, and count them."""
        done = {"repaired_by": self._by}
        self._change(transaction, done, [{"at_row": row} for row in (*loaded, *given_up)])
        file = run_reject_files.c
        counts = {
            "repaired": file.repaired + len(loaded),
            "discarded": file.discarded + len(given_up),
        }
        transaction.execute(sa.update(run_reject_files).where(self._file).values(counts))

    def keep(self, transaction: Transaction, rows: Sequence[RejectedRow]) -> None:
        """Keep rows as they are now, with what is wrong with them now."""
        new: dict[str, object] = {name: sa.bindparam(f"new_{name}") for name in _KEPT}
        changes = [
            {"at_row": row.row, **{f"new_{name}": getattr(row, name) for name in _KEPT}}
            for row in rows
        ]
        self._change(transaction, new, changes)

    def _change(
        self,
        transaction: Transaction,
        values: Mapping[str, object],
        rows: Sequence[Mapping[str, object]],
    ) -> None:
        """Change rows, each told by `at_row`."""
        if rows:
            which = (self._mine, run_rejects.c.row == sa.bindparam("at_row"))
            change = sa.update(run_rejects).where(*which).values(dict(values))
            transaction.execute(change, list(rows))
