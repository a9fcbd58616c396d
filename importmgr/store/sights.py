"""What is remembered of files that were seen where definitions wait for new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.watching import SightState
from importmgr.store.tables import runs, watched_files
from importmgr.store.transactions import Transaction, reading
from importmgr.store.watch_tables import IS_PASSED_OVER
from sources.base import RemoteFile
from sources.watching import Sight

PATHS_AT_ONCE = 5_000


class SightStore:
    """Keeps what was seen; the watcher that writes holds the definition."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def of(self, definition_id: str, paths: Sequence[str]) -> dict[str, Sight]:
        """Return what is remembered of files, by path."""
        running = sa.and_(runs.c.id == watched_files.c.run_id, runs.c.finished_at.is_(None))
        columns = (watched_files, runs.c.id.label("running"))
        found = sa.select(*columns).select_from(watched_files.outerjoin(runs, running))
        sights: dict[str, Sight] = {}
        with reading(self._engine) as transaction:
            for start in range(0, len(paths), PATHS_AT_ONCE):
                keys = [_key(path) for path in paths[start : start + PATHS_AT_ONCE]]
                which = (watched_files.c.definition_id == definition_id) & (
                    watched_files.c.key.in_(keys)
                )
                rows = transaction.execute(found.where(which))
                sights |= {row.path: _to_sight(row) for row in rows}
        return sights

    def note(self, transaction: Transaction, definition_id: str, sights: Iterable[Sight]) -> None:
        """Remember how files stand, in place of what was remembered of the same paths."""
        some = list(sights)
        self.forget(transaction, definition_id, [sight.file.path for sight in some])
        if some:
            rows = [_values(definition_id, sight) for sight in some]
            transaction.execute(sa.insert(watched_files), rows)

    def passed_over(self, definition_id: str) -> set[str]:
        """Return the paths of the files of which it was told that they are passed over."""
        mine = watched_files.c.definition_id == definition_id
        found = sa.select(watched_files.c.path).where(mine, sa.text(IS_PASSED_OVER))
        with reading(self._engine) as transaction:
            return set(transaction.execute(found).scalars())

    def forget(self, transaction: Transaction, definition_id: str, paths: Sequence[str]) -> None:
        """Forget files, so that they are told anew if they come again."""
        for start in range(0, len(paths), PATHS_AT_ONCE):
            keys = [_key(path) for path in paths[start : start + PATHS_AT_ONCE]]
            of = watched_files.c
            some = (of.definition_id == definition_id) & of.key.in_(keys)
            transaction.execute(sa.delete(watched_files).where(some))


def _key(path: str) -> str:
    return sha256(path.encode()).hexdigest()


def _values(definition_id: str, sight: Sight) -> dict[str, object]:
    file = sight.file
    return {
        "definition_id": definition_id,
        "key": _key(file.path),
        "path": file.path,
        "size": file.size,
        "modified_at": file.modified_at,
        "etag": file.etag,
        "since": sight.since,
        "state": sight.state,
        "run_id": sight.run_id,
    }


def _to_sight(row: sa.Row[Any]) -> Sight:
    file = RemoteFile(path=row.path, size=row.size, modified_at=row.modified_at, etag=row.etag)
    return Sight(
        file=file,
        since=row.since,
        state=SightState(row.state),
        run_id=row.run_id,
        busy=row.running is not None,
    )
