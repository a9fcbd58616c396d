"""What more executors bring where a source is as far away as a network makes it.

Every request waits before it is answered, and the answer comes no faster than a line would bring
it. Each import has a catalog of its own, so nobody waits for anybody's rows.
"""

from __future__ import annotations

import math
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg

from benchmarks import ours
from benchmarks.measuring import BenchmarkError
from benchmarks.ours import Home
from benchmarks.places import Place, dsn
from benchmarks.processes import used, workers
from benchmarks.queueing import Queue
from importmgr.bootstrap import build
from importmgr.settings import Settings

EXECUTORS = (1, 2, 4)
IMPORTS = 16
LATENCY_SECONDS, BYTES_PER_SECOND, PIECE = 0.08, 1_000_000, 1 << 15
PATIENCE = 600.0
COLUMNS = {"item_id": "string", "title": "string", "price": "number", "stock": "number"}

WAITING, CLAIMS, MILLI = (100, 1_000, 10_000), 20, 1000
CLAIMS_HEAD = [
    "",
    f"A claim when so many runs wait, each of another definition (median of {CLAIMS}):",
    "",
    "| runs that wait | claim, ms |",
    "|--:|--:|",
]

Tell = Callable[[str], None]


def measure(place: Place, rows: int, tell: Tell) -> list[str]:
    """Return a line for each number of processes."""
    content = _content(rows)
    lines, alone = _head(rows, len(content)), math.nan
    with _far(content) as address:
        for count in EXECUTORS:
            home = place.new()
            seconds, busy = _load(home, count, address)
            place.drop(home)
            rate = rows * IMPORTS / seconds
            alone = rate if count == 1 else alone
            figures = f"{seconds:.1f} | {rate:,.0f} | {rate / count:,.0f} | {rate / alone:.2f}"
            lines.append(f"| {count} | {figures} | {busy:.2f} |")
            tell(lines[-1])
    return [*lines, *_claims(place, tell)]


def _claims(place: Place, tell: Tell) -> list[str]:
    """Return what a claim costs when many runs wait, each of another definition."""
    lines = [*CLAIMS_HEAD]
    home = place.new()
    queue = Queue(home, "polling")
    settings = Settings(database_url=home.url, data_dir=home.folder, max_running_runs=WAITING[-1])
    wiring = build(settings)
    runs, lease, waiting = wiring.stores.runs, timedelta(minutes=1), 0
    for size in WAITING:
        queue.put(size - waiting)
        waiting = size
        place.settle(home, ["runs", "definitions"])
        seconds = [_seconds(lambda: runs.claim("measuring", lease)) for _ in range(CLAIMS)]
        lines.append(f"| {size:,} | {statistics.median(seconds) * MILLI:.1f} |")
        tell(lines[-1])
    wiring.close()
    return lines


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _head(rows: int, size: int) -> list[str]:
    return [
        f"{IMPORTS} imports of {rows:,} rows ({size / 1_000_000:.1f} MB) into catalogs; a request",
        f"is answered after {LATENCY_SECONDS * 1000:.0f} ms, {BYTES_PER_SECOND:,} bytes a second.",
        "A process has two executors.",
        "",
        "| processes | seconds | rows/s | rows/s and process | of one alone | processors busy |",
        "|--:|--:|--:|--:|--:|--:|",
    ]


def _load(home: Home, count: int, address: str) -> tuple[float, float]:
    """Return how long all imports take, and how many processors the executors keep busy."""
    ours.found(home)
    words = [sys.executable, "-m", "benchmarks.executors", "listening", str(count)]
    with workers(words, home.environment) as found:
        time.sleep(1)  # until they listen
        began, before = time.perf_counter(), used(found)
        for number in range(IMPORTS):
            ours.queue(home, _document(number, address), fetched=False)
        _await_end(home)
        seconds = time.perf_counter() - began
        return seconds, (used(found) - before) / seconds


def _await_end(home: Home) -> None:
    """Return once every run has completed."""
    deadline = time.perf_counter() + PATIENCE
    query = "SELECT count(*) FILTER (WHERE state = 'completed') FROM runs"
    with psycopg.connect(dsn(home), autocommit=True) as connection:
        while connection.execute(query).fetchone() != (IMPORTS,):
            if time.perf_counter() > deadline:
                msg = f"the runs did not end within {PATIENCE:.0f} s"
                raise BenchmarkError(msg)
            time.sleep(0.05)


def _document(number: int, address: str) -> dict[str, object]:
    catalog = {"catalog_name": f"far{number}", "catalog_attributes": {"catalog_type": "product"}}
    properties = [
        {"from_column": name, "to_column": name, "target_type": kind}
        for name, kind in COLUMNS.items()
    ]
    return {
        "name": f"far{number}",
        "trigger": {"trigger_type": "now"},
        "source": {"source_type": "url", "import_url": address},
        "destination": {"catalog_destination": catalog},
        "mapping": {"column_mapping": {"id_mappings": [], "property_mappings": properties}},
    }


def _content(rows: int) -> bytes:
    lines = [
        f"SKU-{row:08},A thing with the number {row},{row}.5,{row % 900}" for row in range(rows)
    ]
    return "\n".join([",".join(COLUMNS), *lines, ""]).encode()


@contextmanager
def _far(content: bytes) -> Iterator[str]:
    """Serve the file as if it were far away, and yield its address."""

    class Far(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            time.sleep(LATENCY_SECONDS)
            self.send_response(200)
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            for start in range(0, len(content), PIECE):
                self.wfile.write(content[start : start + PIECE])
                time.sleep(PIECE / BYTES_PER_SECOND)

        def log_message(self, *_: object) -> None:
            """Say nothing: what is asked for is known."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Far) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/far.csv"
        server.shutdown()
