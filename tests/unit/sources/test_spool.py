from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError, TemporaryError
from sources.spool import Spool

TOO_MUCH = 1 << 60


def test_every_file_of_a_run_has_its_place(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert spool.place("r1", 0) == tmp_path / "spool" / "r1" / "0"
    assert spool.place("r1", 0).parent.is_dir()
    assert spool.place("r1", 1) != spool.place("r2", 1)


def test_clearing_a_run_leaves_the_others(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    for run in ("r1", "r2"):
        spool.place(run, 0).write_bytes(b"x")
    spool.clear("r1")
    spool.clear("never seen")
    assert spool.runs() == ["r2"]
    assert spool.place("r2", 0).read_bytes() == b"x"


def test_what_is_set_aside_is_no_run_any_more_and_goes_later(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=10)
    spool.place("r1", 0).write_bytes(b"123456")

    spool.set_aside("r1")

    assert spool.runs() == []
    with pytest.raises(TemporaryError):
        spool.check_room(5)  # it takes room still
    spool.place("r1", 0).write_bytes(b"1")  # it is fetched again meanwhile
    spool.clear_aside()
    spool.clear_aside()
    assert spool.runs() == ["r1"]
    spool.check_room(9)


def test_a_spool_that_was_never_used_has_no_runs(tmp_path: Path) -> None:
    assert Spool(tmp_path / "spool").runs() == []


def begun(spool: Spool, run_id: str, data: bytes = b"") -> Path:
    """Return a part with its first bytes."""
    part = spool.place(run_id, 0).with_name("0.part")
    part.write_bytes(data)
    return part


def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(TemporaryError, match="IMPORTMGR_MINIMUM_FREE_BYTES"):
        Spool(tmp_path / "spool", minimum_free=TOO_MUCH).check_room()
    with pytest.raises(TemporaryError, match=f"{TOO_MUCH} are to come"):
        Spool(tmp_path / "spool").check_room(TOO_MUCH)
    Spool(tmp_path / "spool").check_room(1)


def test_the_disk_is_shared_by_fetches_that_begin_together(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    spool = Spool(tmp_path / "spool")
    spool.announce(begun(spool, "r1"), free // 2)
    with pytest.raises(
        TemporaryError, match=rf"have announced {free // 2} more, {free // 4 * 3} are to come.*wait"
    ):
        spool.announce(begun(spool, "r2"), free // 4 * 3)
    spool.check_room()  # who was let in goes on
    spool.announce(begun(spool, "r3"), free // 8)


def test_a_quota_is_shared_by_all_runs(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=10)
    part = begun(spool, "r2")
    spool.announce(part, 10)
    spool.place("r1", 0).write_bytes(b"123456")
    spool.announce(part, 4)
    with pytest.raises(TemporaryError, match=r"6 bytes of the 10 [^,]*, no room for 5 more"):
        spool.announce(part, 5)
    with pytest.raises(SourceRefusedError, match=r"11 bytes are more .* IMPORTMGR_SPOOL_BYTES"):
        spool.announce(part, 11)


def test_what_was_announced_is_nobody_elses_until_it_came_or_left(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=10)
    first, second = begun(spool, "r1", b"12"), begun(spool, "r2", b"1")
    spool.announce(first, 8)
    with pytest.raises(
        TemporaryError, match=r"have 3 bytes of the 10 .* announced 6 more, no room for 2 more"
    ):
        spool.announce(second, 3)
    spool.announce(second, 2)  # a smaller one finds room
    spool.leave(second)

    first.write_bytes(b"12345678")
    first.rename(first.with_name("0"))  # it is whole, and takes no room twice
    spool.announce(second, 2)
    spool.leave(second)
    spool.leave(first)
    spool.clear("r1")
    spool.announce(second, 10)


def test_who_was_let_in_is_not_sent_away_by_what_others_announce(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=10)
    first, second = begun(spool, "r1"), begun(spool, "r2")
    spool.announce(first, 5)
    spool.announce(second, 5)

    first.write_bytes(b"12345")
    spool.check_room()
    second.write_bytes(b"123456")
    with pytest.raises(TemporaryError, match="have 11 bytes of the 10"):
        spool.check_room()  # more than was announced


def test_a_spool_lacks_room_from_a_refusal_until_there_is_some(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=10)
    spool.place("r1", 0).write_bytes(b"123456")
    full_of_itself = spool.lacks_room()
    with pytest.raises(TemporaryError):
        spool.announce(begun(spool, "r2"), 5)

    assert not full_of_itself
    assert spool.lacks_room()
    spool.clear("r1")
    assert not spool.lacks_room()
    assert not Spool(tmp_path / "spool").lacks_room()


def test_a_spool_lacks_no_room_for_a_file_that_found_it_after_all(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=10)
    first, second = begun(spool, "r1"), begun(spool, "r2")
    spool.announce(first, 6)
    with pytest.raises(TemporaryError):
        spool.announce(second, 6)
    lacked = spool.lacks_room()
    spool.leave(first)
    spool.announce(second, 6)

    assert lacked
    assert not spool.lacks_room()


def test_a_spool_that_cannot_be_made_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    spool = Spool(tmp_path / "file" / "spool")
    with pytest.raises(TemporaryError, match=r"cannot be written \(Not a directory\); make"):
        spool.place("r1", 0)
    with pytest.raises(TemporaryError, match=r"cannot be written \(Not a directory\); make"):
        spool.check_room(1)


def test_what_lies_there_of_a_run_is_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.place("r1", 0).write_bytes(b"12345")
    spool.place("r1", 1).write_bytes(b"678")
    spool.place("r2", 0).write_bytes(b"9")

    assert (spool.size("r1"), spool.size("r2"), spool.size("r3")) == (8, 1, 0)


def test_runs_that_end_meanwhile_do_not_disturb_the_count(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota=1_000_000)
    spool.place("stays", 1).write_bytes(b"stays")
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            for run_id in ("one", "two", "three"):
                spool.place(run_id, 1).write_bytes(b"goes")
                spool.clear(run_id)

    others = threading.Thread(target=come_and_go)
    others.start()
    try:
        for _ in range(3_000):
            spool.check_room(1)
            assert spool.size("stays") == 5
            spool.size("one")
    finally:
        done.set()
        others.join()
