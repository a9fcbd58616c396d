"""The chores: runs of dead executors go on, and nothing of an ended run stays on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.errors import TemporaryError
from definitions.lifecycle import RunCommand, RunState
from importmgr.scheduling.housekeeping import Chores, Outages, start_housekeeping
from importmgr.services.control import RunOrder
from importmgr.store.runs import RunStore
from sources.spool import Spool
from tests.acceptance.documents import idle, people
from tests.clocks import HandClock
from tests.engines import open_engine
from tests.product import Product, wait_until
from tests.stores import LEASE, NOW, ORIGIN

OFTEN = timedelta(milliseconds=20)


def claimed(product: Product) -> str:
    """Return a definition whose one run is in somebody's hands."""
    import_id = product.create(idle(people()))
    product.start(import_id)
    assert product.wiring.stores.runs.claim("dead", LEASE) is not None
    return import_id


def fetched(product: Product, import_id: str) -> Path:
    """Put a file of the newest run into the spool."""
    path = product.wiring.spool.place(product.run(import_id).id, 0)
    path.write_bytes(b"mail\n")
    return path


def test_a_run_whose_lease_ran_out_is_queued_again_and_others_are_not(product: Product) -> None:
    dead = claimed(product)
    product.pass_time(59)
    alive = claimed(product)
    product.pass_time(2)

    assert product.wiring.chores().reap() == 1

    assert product.run(dead).state is RunState.QUEUED
    assert product.run(alive).state is RunState.STARTING
    assert product.wiring.chores().reap() == 0


def test_what_a_cancelled_run_had_fetched_is_removed(product: Product) -> None:
    gone, waiting = product.create(idle(people())), product.create(idle(people()))
    for import_id in (gone, waiting):
        product.start(import_id)
    held = claimed(product)
    paths = {import_id: fetched(product, import_id) for import_id in (gone, waiting, held)}
    foreign = product.wiring.spool.place("f" * 24, 0)
    foreign.write_bytes(b"")
    product.services.definitions.delete(product.project, gone, ORIGIN)

    assert product.wiring.chores().sweep() == 1

    assert not paths[gone].parent.exists()
    assert paths[waiting].exists()
    assert paths[held].exists()
    assert foreign.exists()  # whoever made it, it is not ours to remove


def test_files_of_runs_that_wait_make_room_for_others(database_url: str, tmp_path: Path) -> None:
    product = Product(database_url, tmp_path / "var", spool_bytes=10)
    waiting, held = product.create(idle(people())), product.create(idle(people()))
    run_id = product.start(waiting).id
    product.services.control.tell(
        product.project, waiting, ORIGIN, RunOrder(run_id=run_id, command=RunCommand.PAUSE)
    )
    product.start(held)
    assert product.wiring.stores.runs.claim("other", LEASE) is not None
    paths = [fetched(product, import_id) for import_id in (waiting, held)]
    chores = product.wiring.chores()

    chores.sweep()
    enough = [path.exists() for path in paths]
    with pytest.raises(TemporaryError, match="IMPORTMGR_SPOOL_BYTES"):
        product.wiring.spool.announce(tmp_path / "0.part", 3)
    chores.sweep()
    product.close()

    assert enough == [True, True]
    assert [path.exists() for path in paths] == [False, True]
    assert not (paths[0].parent.parent / ".removed").exists()


def test_while_fetched_files_are_removed_nobody_waits_for_their_run(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(product.wiring.settings.data_dir / "spool", quota=10)
    import_id = product.create(idle(people()))
    run_id = product.start(import_id).id
    spool.place(run_id, 0).write_bytes(b"1234567890")
    with pytest.raises(TemporaryError):
        spool.announce(product.wiring.settings.data_dir / "0.part", 1)
    remove, taken = spool.clear_aside, []

    def slowly() -> None:
        if not spool.runs():  # they are put aside
            taken.append(product.wiring.stores.runs.claim("other", LEASE))
        remove()

    monkeypatch.setattr(spool, "clear_aside", slowly)
    replace(product.wiring.chores(), spool=spool).sweep()

    assert [claim and claim.run.id for claim in taken] == [run_id]
    spool.check_room(10)


def test_decisions_are_forgotten_when_they_were_kept_long_enough(product: Product) -> None:
    import_id = product.create(people())
    place = (product.project, import_id, ORIGIN)
    product.services.schedules.deactivate(*place)
    made = product.services.schedules.decisions(*place, (1, 0), None).items[0].at

    def kept() -> int:
        product.wiring.chores().forget(lambda: True)
        return product.services.schedules.decisions(*place, (1, 0), None).total

    product.clock.at = made + timedelta(days=30)
    assert kept() == 1
    product.clock.move(1)
    assert kept() == 0


@pytest.mark.parametrize(
    ("table", "loop"),
    [("audit", "retention"), ("follow_ups", "follow-ups"), ("runs", "housekeeping")],
)
def test_that_a_chore_cannot_be_done_is_said_once_and_when_it_can_again(
    small_product: Product, caplog: pytest.LogCaptureFixture, table: str, loop: str
) -> None:
    caplog.set_level("INFO", "importmgr.outage")
    chores = small_product.wiring.chores()
    chore: Mapping[str, Callable[[], None]] = {
        "retention": lambda: chores.forget(lambda: True),
        "follow-ups": lambda: chores.follow_up(lambda: True),
        "housekeeping": chores.do,
    }
    for move in (f"{table} RENAME TO away", f"away RENAME TO {table}"):
        with small_product.wiring.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {move}")
        for _ in range(2):
            chore[loop]()

    told = [str(record.msg) for record in caplog.records]
    assert ["held up" in text for text in told] == [True, False]
    assert all(f"'{loop}'" in text for text in told)


def test_the_chores_are_done_at_once_and_then_again_and_again(product: Product) -> None:
    first = claimed(product)
    product.pass_time(61)

    scheduler = start_housekeeping(product.wiring.chores(), OFTEN)
    at_once = product.run(first).state
    assert product.wiring.stores.runs.claim("dead", LEASE) is not None
    product.pass_time(61)
    wait_until(lambda: product.run(first).state is RunState.QUEUED)
    scheduler.shutdown()

    assert at_once is RunState.QUEUED


def test_a_database_that_is_away_is_left_for_the_next_time(
    product: Product, tmp_path: Path
) -> None:
    with open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none") as engine:
        clock = HandClock(NOW)

        Chores(
            runs=RunStore(engine, clock),
            spool=Spool(tmp_path),
            follow_ups=product.wiring.follow_ups(),
            retention=product.wiring.retention(),
            outages=Outages.begin(OFTEN, clock),
        ).do()
