"""The wiring: settings reach the parts they are for."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from definitions.errors import InvalidError, LimitError, SettingsError, TemporaryError
from definitions.lifecycle import RunState
from importmgr.bootstrap import build
from importmgr.clock import SystemClock
from importmgr.identity import SystemIdentity
from importmgr.settings import Settings
from importmgr.world import World
from tests.acceptance.documents import PEOPLE, changed, idle, people
from tests.api_server import ApiServer
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import LEASE


def test_a_new_installation_gets_a_key_that_only_its_owner_may_read(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "var", database_url=sqlite_url)

    first, second = build(settings), build(settings)

    assert stat.S_IMODE(settings.key_path.stat().st_mode) == 0o600
    assert first.keyring.primary == second.keyring.primary
    for wiring in (first, second):
        wiring.close()


def test_a_key_that_cannot_be_used_is_refused_without_being_shown(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, master_key="hunter2")

    with pytest.raises(SettingsError, match="IMPORTMGR_MASTER_KEY") as caught:
        build(settings)

    assert "hunter2" not in str(caught.value)


def test_time_and_randomness_are_the_systems_unless_told(sqlite_url: str, tmp_path: Path) -> None:
    wiring = build(Settings(data_dir=tmp_path, database_url=sqlite_url))

    assert isinstance(wiring.world, World)
    assert isinstance(wiring.world.clock, SystemClock)
    assert isinstance(wiring.services.identity, SystemIdentity)
    wiring.close()


def test_the_limits_of_the_settings_hold(small_product: Product) -> None:
    few = small_product.beside(
        max_active_definitions=1, max_waiting_runs=1, failed_logins_per_minute=1
    )
    import_id = few.create(people())

    with pytest.raises(InvalidError, match="1 active definitions"):
        few.create(people())
    with pytest.raises(LimitError, match="1 runs of import"):
        few.start(import_id)
    with pytest.raises(Exception, match="the key id or the secret is wrong"):
        few.services.access.authenticate("x", "y", "192.0.2.1")
    with pytest.raises(LimitError, match="too many failed logins"):
        few.services.access.authenticate("x", "y", "192.0.2.1")
    few.close()


def test_private_addresses_are_refused_unless_allowed(
    small_product: Product, file_server: FileServer
) -> None:
    strict = small_product.beside(allow_private_sources=False)
    import_id = strict.create(people(file_server.put("/people.csv", PEOPLE)))

    run = strict.settle(import_id)

    assert (run.state, run.reason_code) == (RunState.FAILED, "source_refused")
    assert file_server.seen == []
    strict.close()


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"max_file_bytes": 10}, "10"),
        ({"minimum_free_bytes": 1 << 60}, "IMPORTMGR_MINIMUM_FREE_BYTES"),
    ],
)
def test_a_file_that_is_too_large_is_not_loaded(
    small_product: Product, file_server: FileServer, settings: dict[str, int], text: str
) -> None:
    small = small_product.beside(max_attempts=1, **settings)
    import_id = small.create(people(file_server.put("/people.csv", PEOPLE)))

    run = small.settle(import_id)

    assert run.state is RunState.FAILED
    assert run.error is not None
    assert text in run.error
    assert small.customers() == 0
    small.close()


def test_the_spool_is_below_the_data_folder(small_product: Product) -> None:
    modest = small_product.beside(minimum_free_bytes=1 << 60)
    spool = modest.wiring.spool

    assert spool.place("a" * 24, 0).is_relative_to(modest.wiring.settings.data_dir)
    with pytest.raises(TemporaryError, match="IMPORTMGR_MINIMUM_FREE_BYTES"):
        spool.check_room(1)
    modest.close()


def test_requests_to_one_host_keep_the_pace_of_the_settings(
    small_product: Product, file_server: FileServer
) -> None:
    slow = small_product.beside(source_requests_per_minute=2)
    url = file_server.put("/people.csv", PEOPLE)
    for _ in range(3):
        slow.settle(slow.create(changed(people(url), "name", "paced")))

    shown = slow.services.metrics.render().decode()
    told = re.search(r'importmgr_source_wait_seconds_total\{why="pace"\} (\S+)', shown)
    assert told is not None
    assert float(told[1]) > 59
    assert sum(slow.clock.slept) > 59
    slow.close()


def test_a_source_that_asks_for_a_pause_is_seen(
    small_product: Product, api_server: ApiServer
) -> None:
    api_server.answer("later", 429, Retry_After="1800")
    small_product.settle(small_product.create(people(api_server.url)))

    shown = small_product.services.metrics.render().decode()
    assert 'importmgr_source_wait_seconds_total{why="asked"} 1800.0' in shown
    assert 'importmgr_source_wait_seconds_total{why="trouble"} 0.0' in shown


def figures(product: Product) -> dict[str, str]:
    """Return the figures without labels that a scrape shows."""
    lines = product.services.metrics.render().decode().splitlines()
    return dict(line.split() for line in lines if "{" not in line and not line.startswith("#"))


def test_waiting_and_held_runs_are_shown(product: Product) -> None:
    import_id = product.create(idle(people()))
    for _ in range(3):
        product.start(import_id)
    product.wiring.stores.runs.claim("me", LEASE)

    shown = figures(product)

    assert shown["importmgr_runs_queued"] == "2.0"
    assert shown["importmgr_runs_held"] == "1.0"


def test_a_database_that_is_away_costs_no_other_figure(
    small_product: Product, tmp_path: Path
) -> None:
    away = small_product.beside()
    away.wiring.close()
    settings = Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")
    wiring = build(settings)
    away.services = wiring.services

    shown = figures(away)

    assert shown["importmgr_runs_queued"] == shown["importmgr_runs_held"] == "NaN"
    assert shown["importmgr_run_seconds_count"] == "0.0"
    wiring.close()


def test_chores_know_the_runs_and_the_spool(small_product: Product) -> None:
    import_id = small_product.create(idle(people()))
    small_product.wiring.spool.place(small_product.start(import_id).id, 0)

    small_product.wiring.chores().do()

    assert len(small_product.wiring.spool.runs()) == 1


NOT_OF_EXECUTORS = (
    "apscheduler.schedulers",
    "flask",
    "limits",
    "smtplib",
    "importmgr.executing.dry_run",
    "importmgr.executing.repairing",
    "importmgr.scheduling.housekeeping",
    "importmgr.scheduling.ticker",
    "importmgr.services.definitions",
    "importmgr.services.watching",
    "importmgr.telling.posting",
)
WIRED = """
import sys
from pathlib import Path
from importmgr.bootstrap import build
from importmgr.settings import Settings
print("polars" in sys.modules)
wiring = build(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2]))
wiring.executor("one")
print([name for name in sys.argv[3:] if name in sys.modules])
print("polars" in sys.modules)
wiring.close()
"""


def test_an_executor_brings_the_column_engine_and_nothing_that_it_does_not_use(
    sqlite_url: str, tmp_path: Path
) -> None:
    words = [sys.executable, "-c", WIRED, str(tmp_path), sqlite_url, *NOT_OF_EXECUTORS]

    done = subprocess.run(words, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n[]\nTrue\n"


def test_what_is_made_when_it_is_asked_for_is_made_once(small_product: Product) -> None:
    wiring = small_product.wiring

    assert wiring.services is wiring.services
    assert wiring.channels is wiring.channels
    assert wiring.services.metrics is wiring.metrics
