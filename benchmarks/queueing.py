"""From a queued run to an executor that has it: how soon, how many, and what it costs to be idle.

Three ways on PostgreSQL: executors that look every half second; executors that are told (NOTIFY in
the transaction that queues) and look every two seconds; procrastinate as a carrier of tickets,
whose worker claims the run's row. The runs themselves do nothing. On a machine that does other work
as well, times are orders of magnitude; what the server is asked while all are idle is exact.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from benchmarks import ours
from benchmarks.measuring import ROOT, BenchmarkError, SkippedError
from benchmarks.ours import Home
from benchmarks.parties.peer import python_with
from benchmarks.places import Place, dsn
from benchmarks.processes import lives, used, workers

WAYS = ("polling", "listening", "procrastinate")
TITLES = {
    "polling": "ours, looking every 0.5 s",
    "listening": "ours, told by NOTIFY",
    "procrastinate": "procrastinate as carrier",
}
PROCESSES = (1, 4, 16)
LATE, MANY, IDLE_SECONDS = 50, 400, 10.0
PATIENCE = 60.0
SETTLED_SECONDS = 12.0  # after which every process of the server has told its statistics
MILLI = 1000
HEAD = [
    f"From the commit that queues a run to its claim ({LATE} runs, one at a time, a process with",
    f"two executors); {MANY} runs that wait, claimed and ended, by one process and by four; a run",
    "that is queued when the database is back after a crash.",
    "",
    "| | claim, median ms | 99 % ms | runs/s, 1 process | runs/s, 4 | after a crash |",
    "|---|--:|--:|--:|--:|---|",
]
IDLE_HEAD = [
    "",
    f"Idle for {IDLE_SECONDS:.0f} s: transactions and processor time of the server, processor time",
    "of the processes, and connections.",
    "",
    "| | processes | transactions/s | server, ms/s | each process, ms/s | connections |",
    "|---|--:|--:|--:|--:|--:|",
]
RUN = """INSERT INTO runs (id, definition_id, project_id, cause, state, warnings, token, attempt,
    failures, failed_at_batch, crashes, crashed_at_batch, not_before, created_at, rows_read,
    rows_created, rows_updated, rows_unchanged, rows_rejected, rows_skipped, fault_count)
    SELECT id, id, project_id, 'manual', 'queued', '[]', 0, 0, 0, 0, 0, 0, now(), now(),
    0, 0, 0, 0, 0, 0, 0 FROM definitions WHERE id = %(id)s"""
DEFINITION = """INSERT INTO definitions (id, project_id, origin, document, active, created_at)
    SELECT %s, id, 'bloomreach', '{}', false, now() FROM projects LIMIT 1"""
DEFER = """SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('runs', 'run', 0, NULL, NULL, %s, NULL)
    ::procrastinate_job_to_defer_v1])"""

Tell = Callable[[str], None]
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """What processes that wait ask for, per second."""

    transactions: float
    server: float
    each: float
    connections: int


class Queue:
    """One database, and how runs get into it."""

    def __init__(self, home: Home, way: str) -> None:
        """Make the tables."""
        self.way = way
        self.url = dsn(home)
        ours.found(home)
        if way == "procrastinate":
            subprocess.run(self._peer("schema"), check=True, cwd=ROOT)
        self._home = home
        self._count = 0

    def put(self, count: int = 1) -> list[str]:
        """Queue runs of as many definitions, in one transaction, and return their ids."""
        ids = [f"{self._count + number:024x}" for number in range(count)]
        self._count += count
        with self.connected() as connection:
            cursor = connection.cursor()
            cursor.executemany(DEFINITION, [(each,) for each in ids])
            cursor.executemany(RUN, [{"id": each} for each in ids])
            if self.way == "procrastinate":
                cursor.executemany(DEFER, [(json.dumps({"run_id": each}),) for each in ids])
            elif self.way == "listening":
                cursor.execute("NOTIFY importmgr_queue")
        return ids

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Open a connection whose transaction commits at the end."""
        with psycopg.connect(self.url, application_name="measuring") as connection:
            yield connection

    @contextmanager
    def worked_on(self, count: int) -> Iterator[list[int]]:
        """Let so many processes wait for runs; yield who they are."""
        if self.way == "procrastinate":
            words = self._peer(str(count))
        else:
            module = "benchmarks.executors"
            words = [sys.executable, "-m", module, self.way, str(count), "nothing"]
        with workers(words, self._home.environment) as found:
            self.await_end(self.put())
            time.sleep(1)
            yield found

    def _peer(self, what: str) -> list[str]:
        return [python_with("procrastinate"), "-m", "benchmarks.peers.tickets", self.url, what]

    def await_end(self, ids: Sequence[str], within: float = PATIENCE) -> float:
        """Return how long it took until all have ended."""
        began = time.perf_counter()
        query = "SELECT count(*) FROM runs WHERE id = ANY(%s) AND finished_at IS NOT NULL"
        while time.perf_counter() - began < within:
            with self.connected() as connection:
                if connection.execute(query, (list(ids),)).fetchone() == (len(ids),):
                    return time.perf_counter() - began
            time.sleep(0.01)
        msg = f"{self.way}: {len(ids)} runs did not end within {within:.0f} s"
        raise BenchmarkError(msg)


def measure(place: Place, crash: Callable[[], None], tell: Tell) -> list[str]:
    """Return both tables; `crash` lets the server crash and start again."""
    lines, idle = [*HEAD], [*IDLE_HEAD]
    for way in WAYS:
        try:
            queue = Queue(place.new(), way)
        except SkippedError as exc:
            lines.append(f"| {TITLES[way]} | not measured: {exc} |")
            continue
        with queue.worked_on(1) as found:
            late = _latencies(queue)
            one = MANY / queue.await_end(queue.put(MANY))
            idle.append(_idle_line(queue, found, tell))
        with queue.worked_on(4) as found:
            four = MANY / queue.await_end(queue.put(MANY))
            idle.append(_idle_line(queue, found, tell))
            after = _after_crash(queue, crash, found)
        with queue.worked_on(16) as found:
            idle.append(_idle_line(queue, found, tell))
        median, worst = statistics.median(late), statistics.quantiles(late, n=100)[-1]
        figures = f"{median * MILLI:.0f} | {worst * MILLI:.0f} | {one:.0f} | {four:.0f}"
        lines.append(f"| {TITLES[way]} | {figures} | {after} |")
        tell(lines[-1])
    return [*lines, *idle]


def _latencies(queue: Queue) -> list[float]:
    """Return the seconds from commit to claim of runs that come one at a time."""
    chance, late = random.Random(1), []  # noqa: S311 - moments, not keys
    for _ in range(LATE):
        time.sleep(chance.uniform(0.05, 0.6))
        (run_id,) = queue.put()
        committed = time.time()
        queue.await_end([run_id])
        with queue.connected() as connection:
            query = "SELECT extract(epoch FROM started_at)::float FROM runs WHERE id = %s"
            (started,) = connection.execute(query, (run_id,)).fetchone() or (0.0,)
        late.append(max(0.0, float(str(started)) - committed))
    return late


def _after_crash(queue: Queue, crash: Callable[[], None], found: Sequence[int]) -> str:
    """Tell what becomes of a run that is queued after the database was away."""
    crash()
    ids = queue.put()
    try:
        took = queue.await_end(ids, within=20)
    except BenchmarkError:
        ended = sum(not lives(worker) for worker in found)
        return f"not claimed in 20 s: {ended} of {len(found)} workers have ended"
    return f"claimed after {took:.1f} s"


def _idle_line(queue: Queue, found: Sequence[int], tell: Tell) -> str:
    idle = _idle(queue, found)
    figures = f"{idle.transactions:.1f} | {idle.server:.1f} | {idle.each:.1f}"
    line = f"| {TITLES[queue.way]} | {len(found)} | {figures} | {idle.connections} |"
    tell(line)
    return line


def _idle(queue: Queue, found: Sequence[int]) -> Idle:
    """Wait, and read off what was used meanwhile."""
    time.sleep(SETTLED_SECONDS)
    with queue.connected() as connection:
        servers = _servers(connection)
    before = _counted(queue), used(servers), used(found)
    time.sleep(IDLE_SECONDS)
    after = _counted(queue), used(servers), used(found)
    return Idle(
        transactions=(after[0] - before[0]) / IDLE_SECONDS,
        server=(after[1] - before[1]) * MILLI / IDLE_SECONDS,
        each=(after[2] - before[2]) * MILLI / IDLE_SECONDS / len(found),
        connections=len(servers),
    )


def _servers(connection: Connection) -> list[int]:
    """Return the server's processes for the database, without our own."""
    query = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
        AND application_name <> 'measuring'"""
    return [int(str(row[0])) for row in connection.execute(query)]


def _counted(queue: Queue) -> int:
    query = """SELECT xact_commit + xact_rollback FROM pg_stat_database
        WHERE datname = current_database()"""
    with queue.connected() as connection:
        return int(str((connection.execute(query).fetchone() or (0,))[0]))
