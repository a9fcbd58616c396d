"""A full disk stops fetching, with a reason, before it hurts the database; with room it goes on."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from definitions.lifecycle import RunState
from tests.acceptance.documents import people
from tests.file_server import FileServer, NoLength
from tests.product import Product

MEGABYTE = 1 << 20
ROW = "p{}@example.com," + "x" * 4_000 + "\n"
ROWS = 1_000  # 4 MB

Resize = Callable[[int], None]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Resize]]:
    """A disk of its own, which can be made larger; only the system's administrator can have one."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(*options: str) -> None:
        subprocess.run(["mount", *options, str(folder)], check=True, capture_output=True)

    try:
        mount("-t", "tmpfs", "-o", f"size={6 * MEGABYTE}", "importmgr-test")
    except (OSError, subprocess.CalledProcessError) as exc:
        pytest.skip(f"no disk can be mounted here: {exc}")
    try:
        yield folder, lambda size: mount("-o", f"remount,size={size}")
    finally:
        with suppress(subprocess.CalledProcessError):
            subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


@pytest.mark.parametrize("told", [True, False], ids=["length told", "length not told"])
def test_fetching_stops_before_the_database_has_no_room(
    small_disk: tuple[Path, Resize],
    migrated_sqlite: Path,
    file_server: FileServer,
    told: bool,
) -> None:
    folder, resize = small_disk
    database = shutil.copy(migrated_sqlite, folder / "importmgr.db")
    content = "mail,name\n" + "".join(ROW.format(number) for number in range(ROWS))
    url = file_server.put("/large.csv", content)
    if not told:
        file_server.script("/large.csv", NoLength())
    product = Product(f"sqlite:///{database}", folder, minimum_free_bytes=4 * MEGABYTE)
    try:
        import_id = product.create(people(url))
        stopped = product.settle(import_id)
        product.services.projects.create("The database still takes this")
        free = shutil.disk_usage(folder).free

        resize(64 * MEGABYTE)
        product.pass_time(3600)
        done = product.settle(import_id)
    finally:
        product.close()

    assert (stopped.state, stopped.reason_code) == (RunState.QUEUED, "temporary")
    assert "must stay free; make room or lower IMPORTMGR_MINIMUM_FREE_BYTES" in str(stopped.error)
    assert free > 2.5 * MEGABYTE
    assert (done.state, done.tally.created) == (RunState.COMPLETED, ROWS)


def test_a_fetch_that_fills_the_disk_all_the_same_gives_it_back(
    small_disk: tuple[Path, Resize], migrated_sqlite: Path, file_server: FileServer
) -> None:
    folder, _ = small_disk
    database = shutil.copy(migrated_sqlite, folder / "importmgr.db")
    content = "mail,name\n" + "".join(ROW.format(number) for number in range(3 * ROWS))
    url = file_server.put("/large.csv", content)
    file_server.always("/large.csv", NoLength())
    product = Product(f"sqlite:///{database}", folder, minimum_free_bytes=0)
    try:
        import_id = product.create(people(url))
        stopped = product.settle(import_id)
        product.services.projects.create("The database takes this")
        free = shutil.disk_usage(folder).free
    finally:
        product.close()

    assert (stopped.state, stopped.reason_code) == (RunState.QUEUED, "temporary")
    assert "No space left on device" in str(stopped.error)
    assert free > 2 * MEGABYTE
