"""A backup made under load, a kill, and a restore: the run goes on from the backup's checkpoint."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from definitions.lifecycle import RunState
from importmgr.bootstrap import build
from importmgr.clock import SystemClock
from importmgr.services.backups import Backups, RestoreRequest, restore
from importmgr.settings import Settings
from tests.engines import open_engine
from tests.file_server import FileServer
from tests.killing import Load, definition, final_data

pytestmark = pytest.mark.chaos

ROWS = 4_000
SMALL_BATCHES = {"IMPORTMGR_BATCH_BYTES": "4KiB"}
FACTS = """select r.token, r.rows_read, r.rows_created, l.batches
    from runs r join run_ledger l on l.run_id = r.id"""


def test_a_run_goes_on_from_the_checkpoint_in_the_backup(
    migrated_sqlite: Path, file_server: FileServer, tmp_path: Path
) -> None:
    rows = "".join(f"p{number}@example.com,{number}\n" for number in range(ROWS))
    document = definition(
        file_server.put("/people.csv", f"mail,age\n{rows}"),
        {"customer_destination": {}},
        [{"from_column": "mail", "to_id": "email"}],
        {"age": "number"},
    )
    before, after, made = tmp_path / "before", tmp_path / "after", tmp_path / "made.db"
    before.mkdir()
    database = shutil.copy(migrated_sqlite, before / "importmgr.db")
    load = Load(f"sqlite:///{database}", before, SMALL_BATCHES)
    load.create(document)

    with load.executor(), closing(load.watch()) as watch:
        watch.wait(3, within=60)
        back_up(before, made)
        watch.wait(watch().batches + 3, within=60)  # nobody waited for the backup
    after.mkdir()
    restore(
        Settings(data_dir=after),
        RestoreRequest(backup=made, key=before / "master.key"),
        SystemClock(),
    )
    in_backup = facts(after)
    again = Load(f"sqlite:///{after / 'importmgr.db'}", after, SMALL_BATCHES)
    with again.executor(), closing(again.watch()) as watch:
        ended = watch.wait(1 << 62, within=60)

    assert 3 <= in_backup.batches < ended.batches
    assert ended.state == RunState.COMPLETED
    final = facts(after)
    assert (final.token, final.rows_read) == (in_backup.token + 1, ROWS)
    assert final.rows_created == ROWS
    assert final_data(f"sqlite:///{after / 'importmgr.db'}").count("@example.com") == ROWS


def back_up(data_dir: Path, target: Path) -> None:
    """Make a backup of a data folder, as the command does beside a service."""
    wiring = build(Settings(data_dir=data_dir))
    try:
        Backups(
            wiring.settings,
            audit=wiring.stores.audit,
            keyring=wiring.keyring,
            clock=wiring.world.clock,
        ).make(target, with_key=False)
    finally:
        wiring.close()


def facts(data_dir: Path) -> sa.Row[tuple[int, int, int, int]]:
    """Return the run's token, its counts, and how many of its batches are committed."""
    with (
        open_engine(f"sqlite:///{data_dir / 'importmgr.db'}") as engine,
        engine.begin() as connection,
    ):
        row: sa.Row[tuple[int, int, int, int]] = connection.execute(sa.text(FACTS)).one()
    return row
