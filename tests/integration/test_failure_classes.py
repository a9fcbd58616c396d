"""What may pass is tried again, what will not fails a run at once: with servers and locks that are.

What a source answers is in `tests/unit/importmgr/executing/test_executor.py`, a disk that is full
in `test_full_disk.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from definitions.lifecycle import Outcome, RunState
from destinations import engine
from tests.acceptance.documents import PEOPLE, changed, idle, people
from tests.engines import open_engine
from tests.file_server import FileServer, Status
from tests.product import Product, wait_until, working
from tests.ssh_servers import Keys, in_process
from tests.storages import sftp_place


@pytest.fixture
def impatient(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Product]:
    """The whole inside, which does not wait long for locks."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(engine, "_POSTGRESQL_OPTIONS", "-c lock_timeout=200ms")
    product = Product(database_url, tmp_path / "var")
    yield product
    product.close()


@pytest.fixture
def product(sqlite_url: str, tmp_path: Path) -> Iterator[Product]:
    """The whole inside on SQLite, for what no database has a part in."""
    product = Product(sqlite_url, tmp_path / "var")
    yield product
    product.close()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Let nobody else write customers: on SQLite nobody can write anything."""
    with open_engine(url) as other, other.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE customers IN EXCLUSIVE MODE")
        yield


def test_a_lock_in_the_database_is_waited_out(
    impatient: Product,
    file_server: FileServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs, url = impatient.wiring.stores.runs, impatient.wiring.settings.database_url
    import_id = impatient.create(people(file_server.put("/people.csv", PEOPLE)))
    run_id = impatient.run(import_id).id
    lock, really = ExitStack(), runs.file_opened

    def file_opened(*args: Any) -> None:  # noqa: ANN401 - as the original
        really(*args)
        if not runs.attempts(run_id)[1:]:
            lock.enter_context(locked(url))

    monkeypatch.setattr(runs, "file_opened", file_opened)
    with working(impatient.wiring.executor("test")), lock:
        wait_until(lambda: "loop held up" in caplog.text or _was_tried(impatient, run_id))
        lock.close()
        wait_until(lambda: _was_tried(impatient, run_id))
    impatient.pass_time(60)
    run = impatient.settle(import_id)

    assert (run.state, run.tally.created) == (RunState.COMPLETED, 2)
    [first, second] = runs.attempts(run.id)
    assert (first.outcome, first.code) == (Outcome.AGAIN, "store_busy")
    assert "the database is busy or away" in str(first.text)
    assert second.outcome is Outcome.COMPLETED


def _was_tried(product: Product, run_id: str) -> bool:
    return any(each.outcome for each in product.wiring.stores.runs.attempts(run_id))


def test_a_pause_that_a_source_asks_for_by_a_date_is_kept(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(people(file_server.put("/people.csv", PEOPLE)))
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    file_server.script("/people.csv", Status(status=429, retry_after=then))

    refused = product.settle(import_id)
    product.pass_time(270)
    too_soon = product.wiring.stores.runs.claim("x", timedelta(seconds=1))
    product.pass_time(31)
    done = product.settle(import_id)

    assert (refused.state, too_soon) == (RunState.QUEUED, None)
    assert (done.state, done.attempt) == (RunState.COMPLETED, 2)


def test_a_host_key_that_changed_fails_a_run_at_once_and_both_are_told(
    product: Product, tmp_path: Path
) -> None:
    served, keys, others = tmp_path / "served", Keys(), Keys()
    served.mkdir()
    (served / "people.csv").write_text(PEOPLE)
    with in_process(served, keys) as server:
        place = sftp_place(server)
        names = ("host", "port", "username", "host_key", "private_key")
        settings = {name: getattr(place, name) for name in names}
        integration = product.services.integrations.create(
            product.project, {"name": "Drop", "kind": "sftp", "settings": settings}
        )
        source = {
            "source_type": "filestorage",
            "integration_id": integration,
            "path": "people.csv",
            "file_selection": "all",
            "stable_for": 0,
        }
        import_id = product.create(changed(idle(people()), "source", source))
        product.start(import_id)
        good = product.settle(import_id)
    with in_process(served, others, port=server.port):
        product.start(import_id)
        refused = product.settle(import_id)

    assert good.state is RunState.COMPLETED
    assert (refused.state, refused.attempt) == (RunState.FAILED, 1)
    assert refused.reason_code == "source_refused"
    assert keys.fingerprint in str(refused.error)
    assert others.fingerprint in str(refused.error)
