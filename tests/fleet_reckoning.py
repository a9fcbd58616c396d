"""What must be true of a fleet's database in the end, whatever befell whom.

Every instant that fired has one run. Every run has ended, cancelled if somebody said so and
completed if not. What each one loaded is what an undisturbed run loads, once; of a cancelled run it
is as much as its counts tell. Of every run that completed its receivers were told, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import RunCommand
from tests.engines import open_engine
from tests.fleet import Fleet
from tests.fleet_hooks import Hook
from tests.fleet_load import DROPPED_ROWS, MINUTE, ROWS, Changing, Drop, Steady
from tests.fleet_mending import Mending, expected
from tests.fleet_orders import Orders

SPOILED = ("Traceback", "attempt broke", "stumbled")  # what no log may say
ENDS = frozenset({"run.completed", "run.completed_with_rejects"})

RUNS = "SELECT * FROM runs"
INSTANTS = "SELECT definition_id, scheduled_for FROM runs WHERE scheduled_for IS NOT NULL"
SCHEDULES = """SELECT id, created_at, decided_until, timezone FROM definitions
    WHERE timezone IS NOT NULL"""
COUNTS = """SELECT DISTINCT r.rows_read, r.rows_rejected, r.fault_count FROM runs r
    JOIN definitions d ON d.id = r.definition_id
    WHERE d.document->>'name' = '{}' AND r.state = 'completed'"""
EVENTS = """SELECT e.run_id, e."row", i.id_value, e.properties FROM events e
    JOIN customer_ids i ON i.customer_id = e.customer_id WHERE e.type = '{}'"""
CREATED = """SELECT r.id, r.state, r.rows_created, r.rows_skipped, r.rows_rejected, r.warnings
    FROM runs r JOIN definitions d ON d.id = r.definition_id
    WHERE d.document->>'name' = '{}' AND r.cause <> 'repair'"""
LOADED = "SELECT path FROM file_ledger WHERE path LIKE 'f%' AND state = 'loaded'"
ARRIVED = "SELECT id FROM runs WHERE cause = 'new_file'"
CUSTOMERS = """SELECT i.id_value, c.properties FROM customer_ids i
    JOIN customers c ON c.id = i.customer_id ORDER BY i.id_value"""
ITEMS = """SELECT g.name, i.item_id, i.properties FROM catalog_items i
    JOIN catalogs g ON g.id = i.catalog_id ORDER BY g.name, i.item_id"""
UNENDED_ATTEMPTS = "SELECT run_id, number FROM attempts WHERE outcome IS NULL"
BRAKED_ATTEMPTS = "SELECT run_id FROM attempts WHERE outcome = 'braked'"
DELIVERIES = """SELECT notice_id, type, state, body::json->'data'->'run'->>'run_id' AS run_id
    FROM deliveries"""


class Reckoning:
    """Compares what a fleet has left with what was asked of it."""

    def __init__(self, urls: Mapping[str, str], orders: Orders, known: Mapping[str, str]) -> None:
        """Take the databases of the undisturbed load and of the fleet, and what was ordered."""
        self._urls = urls
        self._orders = orders
        self._known = known

    def check(self, fleet: Fleet, imports: list[Steady], drop: Drop, hook: Hook) -> None:
        """Check all of it."""
        _check_processes(fleet)
        with open_engine(self._urls["wild"]) as wild, open_engine(self._urls["calm"]) as calm:
            self._check_runs(wild)
            self._check_instants(wild)
            for each in imports:
                _check_counts(calm, wild, each.name)
                if each.name.startswith("events"):
                    _check_events(calm, wild, each.name)
            _check_drop(wild, drop)
            _check_moods(wild)
            _check_mended(wild)
            _check_notices(wild, hook)
            for what in (CUSTOMERS, ITEMS):
                assert _rows(wild, what) == _rows(calm, what)

    def _check_runs(self, wild: Engine) -> None:
        """Each run that was promised is there, has ended as it was told, and its counts add up."""
        found = _rows(wild, RUNS)
        assert {row.state for row in found} <= {"completed", "cancelled"}
        assert {row.error for row in found if row.state == "completed"} == {None}
        assert self._orders.started <= {row.id for row in found}
        self._check_orders({row.id for row in found if row.state == "cancelled"})
        parts = ("created", "updated", "unchanged", "rejected", "skipped")
        for row in found:
            assert row.rows_read == sum(getattr(row, f"rows_{part}") for part in parts), row
        assert _rows(wild, UNENDED_ATTEMPTS) == []

    def _check_orders(self, cancelled: set[str]) -> None:
        """Only runs that were told so are cancelled; all that said so are, unless tried again."""
        asked, obeyed = self._orders.asked, self._orders.obeyed
        assert cancelled <= {run for run, told in asked.items() if RunCommand.CANCEL in told}
        for_good = {
            run
            for run, told in obeyed.items()
            if RunCommand.CANCEL in told and RunCommand.RETRY not in asked[run]
        }
        assert for_good <= cancelled

    def _check_instants(self, wild: Engine) -> None:
        """Each instant of each schedule has one run, those that were missed too."""
        runs = Counter((row.definition_id, row.scheduled_for) for row in _rows(wild, INSTANTS))
        due = [
            (row.id, instant)
            for row in _rows(wild, SCHEDULES)
            for instant in _minutes(row.created_at, row.decided_until, row.timezone)
        ]
        assert runs == Counter(due)
        assert len(due) >= len(self._known) - 1


def _check_processes(fleet: Fleet) -> None:
    """Nobody died of what was not done to them, or met what nobody had thought of."""
    assert fleet.deaths == []
    spoiled = {
        f"{name}: {line}"
        for name, text in fleet.logs().items()
        for line in text.splitlines()
        if any(word in line for word in SPOILED)
    }
    assert spoiled == set()


def _check_counts(calm: Engine, wild: Engine, name: str) -> None:
    """Every run of a steady file read, rejected and complained about the same."""
    assert _rows(wild, COUNTS.format(name)) == _rows(calm, COUNTS.format(name))


def _check_events(calm: Engine, wild: Engine, name: str) -> None:
    """Every run appended each of the file's events once, and nothing else."""
    (once,) = _events_by_run(calm, name).values()
    by_run = _events_by_run(wild, name)
    for run in _rows(wild, CREATED.format(name)):
        events = by_run.get(run.id, Counter())
        assert (run.rows_created, run.rows_skipped) == (events.total(), 0)
        assert events == once if run.state == "completed" else events <= once


def _check_drop(wild: Engine, drop: Drop) -> None:
    """Every file that arrived was loaded by one run, once."""
    lines = Counter(
        (row.properties["file"], row.properties["line"])
        for row in _rows(wild, EVENTS.format(Drop.event_type))
    )
    due = {(file, line) for file in range(drop.count) for line in range(DROPPED_ROWS)}
    assert lines == Counter(due)
    assert Counter(row.path for row in _rows(wild, LOADED)) == Counter(
        f"f{file}.csv" for file in range(drop.count)
    )
    assert len(_rows(wild, ARRIVED)) == drop.count


def _check_moods(wild: Engine) -> None:
    """No run mixed two editions, unless it says that the file changed between two attempts."""
    by_run = _events_by_run(wild, Changing.name)
    for run in _rows(wild, CREATED.format(Changing.name)):
        events = by_run.get(run.id, Counter())
        editions = Counter(str(properties) for (_, _, properties) in events.elements())
        assert run.rows_created == editions.total()
        if run.state == "completed":
            assert ROWS in editions.values(), editions
        if not any("changed between two attempts" in text for text in run.warnings):
            assert len(editions) <= 1
            assert all(count <= ROWS for count in editions.values())


def _check_mended(wild: Engine) -> None:
    """Every row that a run rejected was loaded by one repair, once, as if by the run."""
    due = expected()
    by_run: dict[str, Counter[Any]] = {}
    for row in _rows(wild, EVENTS.format(Mending.name)):
        event = (row.row, row.id_value, row.properties["number"])
        by_run.setdefault(row.run_id, Counter())[event] += 1
    for run in _rows(wild, CREATED.format(Mending.name)):
        events = by_run.get(run.id, Counter())
        assert (run.rows_created, run.rows_rejected) == (events.total(), 0)
        assert events == Counter(due) if run.state == "completed" else events <= Counter(due)


def _check_notices(wild: Engine, hook: Hook) -> None:
    """Of each run that completed, and each time a brake stopped one, was told, and of no other."""
    told = _rows(wild, DELIVERIES)
    assert {row.state for row in told} == {"delivered"}
    assert {row.notice_id for row in told} == {notice["id"] for notice in hook.taken}
    completed = Counter(row.id for row in _rows(wild, RUNS) if row.state == "completed")
    assert Counter(row.run_id for row in told if row.type in ENDS) == completed
    braked = Counter(row.run_id for row in _rows(wild, BRAKED_ATTEMPTS))
    assert Counter(row.run_id for row in told if row.type == "run.braked") == braked
    assert {row.type for row in told} <= {*ENDS, "run.braked", "run.missed"}


def _events_by_run(engine: Engine, name: str) -> dict[str, Counter[Any]]:
    found: dict[str, Counter[Any]] = {}
    for row in _rows(engine, EVENTS.format(name)):
        event = (row.row, row.id_value, str(sorted(row.properties.items())))
        found.setdefault(row.run_id, Counter())[event] += 1
    return found


def _minutes(after: datetime, until: datetime, zone: str) -> Iterator[datetime]:
    """Yield the instants of a schedule that fires each minute, after one and up to another."""
    second = -int(zone.removeprefix("Test/")) % MINUTE
    instant = after.replace(second=second, microsecond=0) - timedelta(minutes=1)
    while (instant := instant + timedelta(minutes=1)) <= until:
        if instant > after:
            yield instant


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(query)))
