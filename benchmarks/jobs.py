"""The same schedules as jobs of APScheduler, in its own SQLAlchemyJobStore.

A job that is due inserts one row into a table, in a transaction of its own: less than a run has.
Jobs are ticked by hand, with nothing between the store and the measuring.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from apscheduler.executors.debug import DebugExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.cron import CronTrigger

from destinations.engine import create_engine

FIRED = sa.Table(
    "fired",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("job_id", sa.Text, nullable=False),
)
_ENGINES: dict[str, sa.Engine] = {}  # by URL: a job is stored as a name and arguments


def note(url: str, job_id: str) -> None:
    """Do what a job does here."""
    with _ENGINES[url].begin() as connection:
        connection.execute(sa.insert(FIRED).values(job_id=job_id))


class HandScheduler(BaseScheduler):  # type: ignore[misc] # the library has no types
    """A scheduler without a thread: it looks when it is told to."""

    def wakeup(self) -> None:
        """Do nothing: whoever measures looks."""

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's own
        """End it."""
        super().shutdown(wait)

    def look(self) -> None:
        """Run the jobs that are due, as every scheduler of APScheduler does."""
        self._process_jobs()


@contextmanager
def scheduled(url: str, count: int) -> Iterator[tuple[HandScheduler, sa.Engine]]:
    """Yield a scheduler with so many jobs, none of them due, on a new database."""
    engine = create_engine(url)
    _ENGINES[url] = engine
    FIRED.create(engine)
    store = SQLAlchemyJobStore(engine=engine)
    terms = {"misfire_grace_time": None, "coalesce": True}  # late ones run too
    scheduler = HandScheduler(timezone=UTC, job_defaults=terms)
    scheduler.add_jobstore(store)
    scheduler.add_executor(DebugExecutor())
    scheduler.start()
    _fill(scheduler, store, url, count)
    yield scheduler, engine
    scheduler.shutdown()
    engine.dispose()


def make_due(engine: sa.Engine, count: int) -> None:
    """Let some jobs be due now."""
    with engine.begin() as connection:
        rows = connection.execute(
            sa.text("SELECT id, job_state FROM apscheduler_jobs ORDER BY id LIMIT :n"), {"n": count}
        ).all()
        due = datetime.now(UTC).replace(microsecond=0)
        for row in rows:
            state = pickle.loads(row.job_state) | {"next_run_time": due}  # noqa: S301 - our own
            connection.execute(
                sa.text(
                    "UPDATE apscheduler_jobs SET next_run_time = :at, job_state = :s WHERE id = :i"
                ),
                {"at": due.timestamp(), "s": pickle.dumps(state), "i": row.id},
            )


def fired(engine: sa.Engine) -> int:
    """Return how many jobs have run."""
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(FIRED)).scalar_one())


def _fill(scheduler: HandScheduler, store: SQLAlchemyJobStore, url: str, count: int) -> None:
    """Write jobs as the store does, but many in a transaction."""
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    trigger = CronTrigger(hour=2, minute=30, timezone="Europe/Prague")
    job: Job = scheduler.add_job(note, trigger, args=[url, "0"], next_run_time=later, id="0")
    state = job.__getstate__()
    rows = []
    for number in range(1, count):
        own = {**state, "id": str(number), "args": (url, str(number))}
        rows.append(
            {
                "id": str(number),
                "next_run_time": later.timestamp(),
                "job_state": pickle.dumps(own, pickle.HIGHEST_PROTOCOL),
            }
        )
    with store.engine.begin() as connection:
        connection.execute(sa.insert(store.jobs_t), rows)
