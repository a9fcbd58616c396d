"""procrastinate as a carrier of tickets: a job is the id of a run, the row of the run is the truth.

`python -m benchmarks.peers.tickets URL PROCESSES` works; a process takes two jobs at a time, claims
the run of each by one guarded UPDATE and ends it by another, which is less than the product does.
The schema must be there (`schema`), and whoever queues defers in the transaction of the insert.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import procrastinate
import psycopg
from psycopg_pool import ConnectionPool

THREADS = 2
CLAIM = """UPDATE runs SET state = 'starting', token = token + 1, attempt = attempt + 1,
    lease_owner = %s, lease_until = clock_timestamp() + interval '10 seconds',
    started_at = clock_timestamp()
    WHERE id = %s AND state = 'queued' RETURNING token"""
FINISH = """UPDATE runs SET state = 'completed', stop_reason = 'done', lease_owner = NULL,
    lease_until = NULL, finished_at = clock_timestamp() WHERE id = %s AND token = %s"""


def main() -> None:
    """Make the schema, or be so many processes until killed."""
    url, what = sys.argv[1], sys.argv[2]
    logging.disable(logging.CRITICAL)
    if what == "schema":
        with psycopg.connect(url, autocommit=True) as connection:
            script = procrastinate.schema.SchemaManager.get_schema()
            connection.execute(script.encode())
        return
    children = [_forked(url) for _ in range(int(what))]
    print("ready", *children, flush=True)
    for child in children:
        os.waitpid(child, 0)


def _forked(url: str) -> int:
    pid = os.fork()
    if pid == 0:
        asyncio.run(_work(url))
        os._exit(0)  # as it ended, which it should not
    return pid


async def _work(url: str) -> None:
    """Work off tickets until the worker ends."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=4))
    own = ConnectionPool(url, min_size=THREADS, max_size=THREADS, kwargs={"autocommit": True})

    @app.task(name="run", queue="runs")  # type: ignore[untyped-decorator] # of a peer
    def run(run_id: str) -> None:
        with own.connection() as connection:
            token = connection.execute(CLAIM, (f"bench-{os.getpid()}", run_id)).fetchone()
            if token is not None:
                connection.execute(FINISH, (run_id, token[0]))

    async with app.open_async():
        await app.run_worker_async(
            concurrency=THREADS,
            queues=["runs"],
            delete_jobs="always",
            install_signal_handlers=False,
        )


if __name__ == "__main__":
    main()
