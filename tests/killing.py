"""A real executor in a process of its own that tests kill, and what a load left in the end.

```python
load = Load(database_url, tmp_path, {"IMPORTMGR_BATCH_BYTES": "2KiB"})
load.create(definition(url, destination, ids, columns))
with load.executor(), closing(load.watch()) as watch:
    watch.wait(5, within=10)  # and at the end of the block it is killed
```
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from definitions.lifecycle import TERMINAL
from destinations.engine import reading
from importmgr.bootstrap import build
from importmgr.settings import Settings
from tests.engines import open_engine

OWNER = "killed"
PIECE = 10_000
ALL = 1 << 62  # batches
LOOK_SECONDS = 0.005
# A process of which others are forked has all this imported: a kill then costs no second.
PRELOADED = ["pytest", "importmgr.bootstrap", "sources.opening", "sources.formats.csv"]

QUERIES = {
    "customers": """select i.id_type, i.id_value, c.properties from customer_ids i
        join customers c on c.id = i.customer_id""",
    "customers without id": """select count(*) from customers where id not in
        (select customer_id from customer_ids)""",
    "events": """select i.id_value, e.type, e."row", e.properties from events e
        join customer_ids i on i.customer_id = e.customer_id""",
    "items": "select item_id, properties from catalog_items",
    "faults": 'select file, "row", line, "column", value, code, message from run_faults',
    "counts": """select state, rows_read, rows_created, rows_updated, rows_unchanged,
        rows_rejected, rows_skipped, fault_count from runs""",
}
PROGRESS = """select r.state, coalesce(l.batches, 0) as batches
    from runs r left join run_ledger l on l.run_id = r.id"""


def definition(
    url: str, destination: dict[str, Any], ids: list[dict[str, str]], columns: dict[str, str]
) -> dict[str, Any]:
    """Return the document of an import that starts when it is created."""
    properties = [
        {"from_column": name, "to_column": name, "target_type": kind}
        for name, kind in columns.items()
    ]
    return {
        "name": "chaos",
        "trigger": {"trigger_type": "now"},
        "source": {"source_type": "url", "import_url": url},
        "destination": destination,
        "mapping": {"column_mapping": {"id_mappings": ids, "property_mappings": properties}},
    }


def final_data(url: str) -> str:
    """Return everything that was loaded and counted, in an order and a spelling of its own."""
    tables = {name: sorted(map(repr, _rows(url, query))) for name, query in QUERIES.items()}
    return json.dumps(tables, indent=1)


def final_sums(url: str) -> dict[str, tuple[int, int]]:
    """Return of each table how many rows were loaded, and a sum that tells whether they differ."""
    return {name: _sum(_rows(url, query)) for name, query in QUERIES.items()}


def _rows(url: str, query: str) -> Iterator[list[object]]:
    with open_engine(url) as engine, reading(engine).connect() as connection:
        options = {"stream_results": True, "yield_per": PIECE}
        for row in connection.execute(sa.text(query), execution_options=options):
            yield [_plain(cell) for cell in row]


def _plain(cell: Any) -> Any:  # noqa: ANN401 - a cell of any type
    """Return JSON as PostgreSQL gives it: parsed."""
    return json.loads(cell) if isinstance(cell, str) and cell.startswith("{") else cell


def _sum(rows: Iterator[list[object]]) -> tuple[int, int]:
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=8).digest(), "big")
    return count, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Whether a run has ended, and how many batches are committed."""

    state: str
    batches: int

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state in TERMINAL


class Load:
    """One run in a database of its own, and the executors that work on it, one after another."""

    def __init__(self, url: str, data_dir: Path, settings: Mapping[str, str]) -> None:
        """Take an empty migrated database, a folder, and further settings by their full names."""
        self.url = url
        self._environ = {
            "IMPORTMGR_DATA_DIR": str(data_dir),
            "IMPORTMGR_DATABASE_URL": url,
            "IMPORTMGR_ALLOW_PRIVATE_SOURCES": "true",
            "IMPORTMGR_POLL_SECONDS": "0.02",
            "IMPORTMGR_SOURCE_REQUESTS_PER_MINUTE": "10000",
            **settings,
        }
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)

    def create(self, document: dict[str, Any]) -> None:
        """Create a project and an import that waits for an executor."""
        wiring = build(Settings.from_environ(self._environ))
        try:
            project = wiring.services.projects.create("test")
            wiring.services.definitions.create(project, document, "bloomreach")
        finally:
            wiring.close()

    @contextmanager
    def executor(self) -> Iterator[ForkServerProcess]:
        """Start an executor; it is dead when the block ends, wherever it was."""
        process = self._context.Process(target=_work, args=(self._environ,), daemon=True)
        process.start()
        try:
            yield process
            assert process.is_alive(), f"the executor died by itself: {process.exitcode}"
        finally:
            if process.pid is not None and process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
            process.join()
            process.close()

    def watch(self) -> Watch:
        """Return what tells how far the run is; it must be closed."""
        return Watch(self.url)


class Watch:
    """Looks again and again at the progress of the only run of a database."""

    def __init__(self, url: str) -> None:
        self._open = ExitStack()
        engine = self._open.enter_context(open_engine(url))
        self._engine = reading(engine)  # whoever looks must not keep others waiting

    def __call__(self) -> Progress:
        """Return how far the run is now."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.text(PROGRESS)).one()
        return Progress(state=row.state, batches=row.batches)

    def wait(self, batches: int, within: float) -> Progress:
        """Return the progress once so many batches are committed or the run has ended."""
        deadline = time.monotonic() + within
        while not ((now := self()).ended or now.batches >= batches):
            assert time.monotonic() < deadline, f"waited in vain for batch {batches}: {now}"
            time.sleep(LOOK_SECONDS)
        return now

    def close(self) -> None:
        """Close the database."""
        self._open.close()


def _work(environ: dict[str, str]) -> None:
    """Work off what waits, as a restarted service does, until somebody kills this process."""
    wiring = build(Settings.from_environ(environ))
    wiring.stores.runs.requeue_owned(OWNER)
    wiring.executor(OWNER).work(threading.Event())
