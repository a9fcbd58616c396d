"""An import half of whose rows are rejected, the brake that stops its runs, and their repairs.

Each run of it is stopped by a brake until somebody lets it go on; then it ends with rejected rows,
which are handed out, corrected and handed in again, while whoever loads them is killed.
"""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from tests.file_server import FileServer
from tests.fleet import Fleet
from tests.fleet_caller import Caller
from tests.fleet_load import BUYERS, ROWS
from tests.killing import definition

WITHIN = 5.0  # a repair gets into its middle
OPEN = """SELECT r.id FROM runs r JOIN definitions d ON d.id = r.definition_id
    WHERE d.document->>'name' = 'mended' AND r.cause <> 'repair'
    AND r.state IN ('completed', 'cancelled') AND EXISTS (
        SELECT FROM run_rejects f WHERE f.run_id = r.id AND f.repaired_by IS NULL)
    AND NOT EXISTS (SELECT FROM run_repairs m JOIN runs q ON q.id = m.run_id
        WHERE m.of_run_id = r.id AND q.finished_at IS NULL)"""
AT_WORK = """SELECT r.lease_owner FROM runs r JOIN run_ledger l ON l.run_id = r.id
    WHERE r.cause = 'repair' AND r.state = 'running' AND r.lease_owner IS NOT NULL
    AND l.batches > 0 AND l.token = r.token"""


class Mending:
    """Lets rejected rows be corrected; by whom a repair is worked off, that one is killed."""

    name = "mended"

    def __init__(self, files: FileServer) -> None:
        """Serve the file."""
        rows = [f"{'' if row % 2 else _mail(row)},{row}" for row in range(ROWS)]
        url = files.put("/mended.csv", "\n".join(["mail,number", *rows, ""]))
        made = definition(
            url,
            {"event_destination": {"event_type": self.name}},
            [{"from_column": "mail", "to_id": "email"}],
            {"number": "number"},
        )
        brake = {"max_rejected": {"action": "pause", "rows": 10}}
        self.document = {**made, "name": self.name, "brakes": brake}
        self.handed_in = 0
        self.killed = 0

    def hand_in(self, caller: Caller, engine: Engine, import_id: str) -> int:
        """Correct what some runs have rejected and hand it in; tell how many runs have some."""
        waiting = _rows(engine, OPEN)
        for run in waiting[:3]:
            path = f"{caller.run_path(import_id, run.id)}/rejects"
            given = caller.ask("GET", path)
            if given is not None and given.ok:
                answer = caller.ask("POST", path, data=_corrected(given.text).encode())
                self.handed_in += answer is not None and answer.ok
        return len(waiting)

    def kill_in_the_middle(self, fleet: Fleet, engine: Engine) -> str | None:
        """Kill who works off a repair, after one batch or more of it; tell who that was."""
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            for run in _rows(engine, AT_WORK):
                name = fleet.kill(int(run.lease_owner.split(":")[1]))
                if name is not None:
                    self.killed += 1
                    return name
            fleet.tend(seconds=0)
        return None


def expected() -> set[tuple[int, str, float]]:
    """Return what is loaded of the file once every row of it is correct."""
    return {(row + 1, _mail(row), row) for row in range(ROWS)}


def _mail(row: int) -> str:
    return f"buyer{row % BUYERS}@example.com"


def _corrected(text: str) -> str:
    """Return rejected rows as they were handed out, with the id that each one lacks."""
    rows = list(csv.DictReader(io.StringIO(text)))
    written = io.StringIO()
    writer = csv.DictWriter(written, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "mail": _mail(int(row["number"]))} for row in rows)
    return written.getvalue()


def _rows(engine: Engine, query: str) -> list[sa.Row[Any]]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(query)))
