"""Comparing what a played plan left in a database with what a dictionary holds."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from definitions.batches import Records, Tally
from definitions.mapping import compile_mapping
from destinations.ledger import read_ledger
from tests.fuzz.loads import HEADER, Load
from tests.fuzz.noting import ORDER, noted
from tests.fuzz.playing import FILE, Run, Stage
from tests.fuzz.reckoning import Person, Reckoning, read_json
from tests.loading import STARTED_AT

SOON: Final = 10.0  # seconds within which nothing is under way any more
LOOK: Final = 0.05
LANES: Final = 2

_LEFT = {
    "an advisory lock": "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND locktype = 'advisory'",
    "a transaction": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'",
}


@dataclass
class Judge:
    """Reckons along what was committed on a stage, and compares."""

    stage: Stage
    reckoning: Reckoning = field(default_factory=lambda: Reckoning(now=STARTED_AT.timestamp()))
    seen: int = 0  # of what was noted

    def judge(self, runs: Sequence[Run]) -> None:
        """Raise `AssertionError` unless all that was committed since is as it must be."""
        tallies = self._reckon({run.id: run for run in runs})
        with self.stage.engine.begin() as connection:
            for run in runs:
                _check_ledger(connection, run, tallies[run.id])
                _check_faults(connection, run)
            self._check_people(connection)
            self._check_items(connection)
        self._check_that_nothing_is_left()

    def _reckon(self, runs: Mapping[str, Run]) -> Mapping[str, Tally]:
        """Do what was committed since; return how the records of each run ended."""
        tallies = dict.fromkeys(runs, Tally())
        batches: dict[str, list[int]] = {run_id: [] for run_id in runs}
        mapped = {run.id: _records(run.load) for run in runs.values()}
        rows = self._noted()
        for row in rows[self.seen :]:
            if row.who == ORDER:
                self.reckoning.order(self.stage.plan.orders[row.number], row.place)
                continue
            load, records = runs[row.who].load, mapped[row.who][row.number]
            tally = self.reckoning.load(load, records, row.who, row.place)
            assert row.tally == repr(tally), f"from row {row.number} on: {row.tally}, not {tally}"
            tallies[row.who] += tally
            batches[row.who].append(row.number)
        self.seen = len(rows)
        for run in runs.values():
            whole = sorted(mapped[run.id])
            came = batches[run.id]
            assert came == (whole[: len(came)] if run.is_refused else whole), "not all of them"
        return tallies

    def _noted(self) -> list[Row[Any]]:
        """Return what was committed in an order in which it may have been done one by one.

        Two batches that were written at once may have been noted in either order, and in between
        only what was written elsewhere.
        """
        ours = sa.select(noted).where(noted.c.project_id == self.stage.project.id)
        with self.stage.engine.begin() as connection:
            rows = connection.execute(ours.order_by(noted.c.id)).all()
        ordered: list[Row[Any]] = []
        for row in rows:
            at = len(ordered)
            while at and ordered[at - 1].place != row.place:
                at -= 1
            before = ordered[at - 1] if at else row
            is_behind = before.who == row.who != ORDER and before.number > row.number
            ordered.insert(at - 1 if is_behind else len(ordered), row)
        return ordered

    def _check_people(self, connection: Connection) -> None:
        """Compare customers with their ids, properties, times and events."""
        ours = {"key": self.stage.project.id}

        def rows(query: str) -> Sequence[Row[Any]]:
            return connection.execute(sa.text(f"{query} WHERE project_id = :key"), ours).all()

        ids: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in rows("SELECT customer_id, id_type, id_value FROM customer_ids"):
            ids[row.customer_id].add((row.id_type, row.id_value))
        events: dict[int, list[Any]] = defaultdict(list)
        told = "SELECT customer_id, timestamp, id, type, CAST(properties AS text) AS p FROM events"
        for row in sorted(rows(told), key=lambda row: (row.timestamp, row.id)):
            events[row.customer_id].append((row.timestamp, row.type, read_json(row.p)))
        columns = "id, CAST(properties AS text) AS p, CAST(written_at AS text) AS times"
        people = {row.id: row for row in rows(f"SELECT {columns} FROM customers")}
        assert ids.keys() == people.keys(), "ids of nobody, or somebody without any"
        assert events.keys() <= people.keys(), "events of nobody"
        stored = {
            frozenset(ids[number]): (read_json(row.p), _times(row.times), events[number])
            for number, row in people.items()
        }
        expected = {frozenset(each.ids): _shown(each) for each in self.reckoning.everybody()}
        _compare(stored, expected)

    def _check_items(self, connection: Connection) -> None:
        """Compare items, also of catalogs that are gone."""
        ours = {"key": self.stage.project.id}
        query = sa.text("SELECT id FROM catalogs WHERE project_id = :key")
        made = connection.execute(query, ours).scalars().all()
        for place in {*made, *self.reckoning.items, self.stage.catalog[0]}:
            query = sa.text(
                "SELECT item_id, CAST(properties AS text) FROM catalog_items "
                "WHERE catalog_id = :place"
            )
            found = connection.execute(query, {"place": place}).all()
            stored = {key: read_json(text) for key, text in found}
            _compare(stored, self.reckoning.items.get(place, {}))

    def _check_that_nothing_is_left(self) -> None:
        engine = self.stage.engine
        _await(lambda: not _threads(), "a thread is left")
        _await(lambda: not getattr(engine.pool, "checkedout", int)(), "a connection is left")
        if engine.dialect.name != "postgresql":
            return

        def count(query: str) -> int:
            with engine.begin() as connection:
                return int(connection.execute(sa.text(query)).scalar_one())

        for what, query in _LEFT.items():
            _await(lambda query=query: not count(query), f"{what} is left")  # type: ignore[misc]


def _check_ledger(connection: Connection, run: Run, tally: Tally) -> None:
    """Compare how far a run came and what it counted."""
    reached = read_ledger(connection, run.id)
    if reached is None:
        assert run.is_refused
        return
    batches = run.load.batches[: reached.batches]
    assert run.is_refused or len(batches) == len(run.load.batches), reached
    assert reached.position == (batches[-1].end if batches else None)
    rejected = sum(batch.read for batch in batches) - tally.read
    expected = tally + Tally(read=rejected, rejected=rejected)
    assert (reached.tally, reached.tally.adds_up) == (expected, True)
    told = "SELECT sum(rejected), sum(kept) FROM run_reject_files WHERE run_id = :run"
    counted, kept = connection.execute(sa.text(told), {"run": run.id}).one()
    stored = "SELECT row FROM run_rejects WHERE run_id = :run ORDER BY row"
    rows = connection.execute(sa.text(stored), {"run": run.id}).scalars().all()
    assert (counted or 0, kept or 0) == (rejected, len(rows))
    assert len(rows) == rejected or run.stage.plan.room < rejected * 10_000


def _check_faults(connection: Connection, run: Run) -> None:
    """Compare faults, which are numbered in file order."""
    reached = read_ledger(connection, run.id)
    mapping = compile_mapping(run.load.definition, HEADER)
    expected: list[tuple[int, str | None, str]] = []
    for batch in run.load.batches[: 0 if reached is None else reached.batches]:
        both = (*batch.faults, *mapping.apply(batch, FILE.name).faults)
        in_order = sorted(both, key=lambda fault: fault.row)
        expected += [(fault.row, fault.column, fault.code.value) for fault in in_order]
    query = sa.text(
        'SELECT number, row, "column", code FROM run_faults WHERE run_id = :run ORDER BY number'
    )
    stored = [tuple(row) for row in connection.execute(query, {"run": run.id})]
    assert stored == [(number, *fault) for number, fault in enumerate(expected, 1)]
    assert reached is None or reached.fault_count == len(expected)


def _records(load: Load) -> dict[int, Records]:
    """Return the records of each batch that has any, by the first row of them."""
    mapping = compile_mapping(load.definition, HEADER)
    mapped = [mapping.apply(batch, FILE.name).records for batch in load.batches]
    return {int(each.frame["row"][0]): each for each in mapped if each.frame.height}


def _shown(person: Person) -> tuple[Any, ...]:
    """Return a customer as the database has one; events of one time in their order."""
    in_order = sorted(person.events, key=lambda event: event[0])
    shown = [(when, kind, read_json(text)) for when, kind, text in in_order]
    return person.properties, person.times, shown


def _times(text: str | None) -> dict[str, float] | None:
    return None if text is None else {name: float(at) for name, at in json.loads(text).items()}


def _compare(stored: Mapping[Any, Any], expected: Mapping[Any, Any]) -> None:
    assert stored.keys() == expected.keys(), f"of one only: {stored.keys() ^ expected.keys()}"
    for key, value in expected.items():
        assert stored[key] == value, f"{key}: {stored[key]}, not {value}"


def _threads() -> Sequence[threading.Thread]:
    return [each for each in threading.enumerate() if each.name in {"lane", "prefetch"}]


def _await(is_so: Callable[[], bool], what: str) -> None:
    for _ in range(int(SOON / LOOK)):
        if is_so():
            return
        threading.Event().wait(LOOK)
    raise AssertionError(what)
