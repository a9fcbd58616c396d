"""What becomes of files after their run, whoever is killed or stands in the way."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from definitions.follow_ups import MOST_TRIES
from definitions.lifecycle import RunState
from importmgr.services.follow_ups import LEASE
from importmgr.store.follow_ups import OwedFile
from importmgr.store.runs import Run
from sources.storages.local import LocalSession
from tests.product import Product, wait_until, working
from tests.stores import ORIGIN
from tests.unit.importmgr.executing.test_attempt import attempt_of
from tests.watching import Watch

MOVE = {"action": "move", "to": "done"}
LONG = 7 * 3600.0  # seconds: longer than any pause


class Later:
    """Does nothing of what is owed: a test does it when it is ready."""

    def work_off(self, _go_on: object, _run_id: str) -> int:
        """Leave everything."""
        return 0


@pytest.fixture
def drop(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """A folder beside a product; PostgreSQL's clock, which cannot be set, shows the test's."""
    for module in ("watches", "queueing", "runs", "claims", "follow_ups"):
        monkeypatch.setattr(f"importmgr.store.{module}.present", lambda _, ours: ours)
    product = Product(database_url, tmp_path / "var", local_folders=(tmp_path,))
    yield Watch.of(product, tmp_path / "drop")
    product.close()


def loaded(drop: Watch, import_id: str) -> Run:
    """Return a run by hand, after one attempt; what is owed to its files is not done yet."""
    executor = drop.product.wiring.executor("test")
    usual = attempt_of(drop.product)
    executor._attempt = replace(usual, follow_ups=Later())  # type: ignore[arg-type]
    drop.product.start(import_id)
    return drop.product.settle(import_id, executor)


def follow_up(drop: Watch) -> None:
    """Do what is owed, whatever has to be waited for."""
    drop.product.clock.move(LONG)
    drop.product.wiring.follow_ups().work_off(lambda: True)


def claimed(drop: Watch) -> Sequence[OwedFile]:
    """Claim what is owed, as another process may."""
    store = drop.product.wiring.stores.follow_ups
    return store.claim(LEASE, None)


def there(drop: Watch) -> list[str]:
    paths = drop.folder.rglob("*")
    return sorted(str(path.relative_to(drop.folder)) for path in paths if path.is_file())


def last(drop: Watch, import_id: str) -> str:
    return drop.told(import_id)[-1]


def test_a_loaded_file_is_moved_and_not_taken_again(drop: Watch) -> None:
    drop.put("a.csv", "a")
    import_id = drop.create("all", path="**/*.csv", after_success=MOVE)

    run = loaded(drop, import_id)
    follow_up(drop)
    drop.put("a.csv", "b")
    again = loaded(drop, import_id)
    follow_up(drop)

    assert (run.state, again.state) == (RunState.COMPLETED, RunState.COMPLETED)
    assert (run.tally.created, again.tally.created) == (1, 1)
    assert there(drop) == ["done/a-2.csv", "done/a.csv"]
    assert again.warnings == ()
    assert last(drop, import_id) == f"file a.csv: moved to done/a-2.csv after run {again.id}"
    assert claimed(drop) == ()


def test_an_executor_does_it_by_itself(drop: Watch) -> None:
    drop.put("a.csv", "a")
    import_id = drop.create("all", after_success={"action": "delete"})
    drop.product.start(import_id)

    with working(drop.product.wiring.executor("test")):
        wait_until(lambda: there(drop) == [])

    assert drop.product.run(import_id).state is RunState.COMPLETED


def test_what_stands_beside_a_file_goes_with_it(drop: Watch) -> None:
    rename = {"action": "rename", "suffix": ".imported"}
    import_id = drop.create("all", marker=".done", after_success=rename)
    drop.put("a.csv", "a")
    (drop.folder / "a.csv.done").touch()

    loaded(drop, import_id)
    follow_up(drop)

    assert there(drop) == ["a.csv.imported", "a.csv.imported.done"]


def test_a_file_at_which_a_run_failed_is_moved_elsewhere(drop: Watch) -> None:
    drop.put("a.csv", "a")
    (drop.folder / "b.csv").write_text("no,key\n1,2\n")
    os.utime(drop.folder / "b.csv", (0, 0))
    drop.put("c.csv", "c")
    failed = {"action": "move", "to": "failed"}
    import_id = drop.create("all", after_success=MOVE, after_failure=failed)

    run = loaded(drop, import_id)
    follow_up(drop)

    assert run.state is RunState.FAILED
    assert there(drop) == ["c.csv", "done/a.csv", "failed/b.csv"]


def test_a_file_that_was_replaced_is_left_alone(drop: Watch) -> None:
    drop.put("a.csv", "a")
    import_id = drop.create("all", after_success=MOVE)
    run = loaded(drop, import_id)

    drop.put("a.csv", "another", age=900)
    follow_up(drop)

    assert there(drop) == ["a.csv"]
    warning = "a.csv was replaced after the run took it, and is left alone"
    assert drop.product.run(import_id).warnings == (warning,)
    assert last(drop, import_id).endswith(f"replaced since run {run.id} took it, left alone")


def test_a_file_that_somebody_else_took_is_told(drop: Watch) -> None:
    drop.put("a.csv", "a")
    import_id = drop.create("all", after_success=MOVE)
    loaded(drop, import_id)

    (drop.folder / "a.csv").unlink()
    follow_up(drop)

    warning = "a.csv was not there any more when the run had ended"
    assert drop.product.run(import_id).warnings == (warning,)


def test_what_fails_is_tried_again_told_once_and_given_up(drop: Watch) -> None:
    drop.put("a.csv", "a")
    (drop.folder / "done").touch()  # a file where a folder should be
    import_id = drop.create("all", after_success=MOVE)
    loaded(drop, import_id)

    for _ in range(MOST_TRIES - 1):
        follow_up(drop)
    told = [line for line in drop.told(import_id) if "not moved" in line]
    follow_up(drop)

    assert len(told) == 1
    assert told[0].endswith("tried again later")
    assert last(drop, import_id).endswith("given up")
    first, second = drop.product.run(import_id).warnings
    assert (first[:5], second[-8:]) == ("a.csv", "gives up")
    assert claimed(drop) == ()


def test_what_failed_once_is_done_later(drop: Watch) -> None:
    drop.put("a.csv", "a")
    blocker = drop.folder / "done"
    blocker.touch()
    import_id = drop.create("all", after_success=MOVE)
    loaded(drop, import_id)

    follow_up(drop)
    blocker.unlink()
    follow_up(drop)

    assert there(drop) == ["done/a.csv"]


def test_what_breaks_at_one_file_is_told_and_holds_up_no_other(
    drop: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drop.put("a.csv", "a")
    drop.put("b.csv", "b")
    import_id = drop.create("all", after_success=MOVE)
    loaded(drop, import_id)
    move = LocalSession.move

    def breaking(session: LocalSession, path: str, target: str) -> bool:
        if path == "a.csv":
            raise ZeroDivisionError
        return move(session, path, target)

    monkeypatch.setattr(LocalSession, "move", breaking)
    follow_up(drop)

    assert there(drop) == ["a.csv", "done/b.csv"]
    assert "(internal error (ZeroDivisionError); the service's log has the details); tried" in (
        " ".join(drop.told(import_id))
    )
    assert "test_follow_ups.py" in caplog.text  # the traceback
    assert claimed(drop) == ()  # until it is tried again


def test_one_who_is_killed_before_saying_so_is_followed_by_another(drop: Watch) -> None:
    for name in ("moved.csv", "copied.csv", "begun.csv"):
        drop.put(name, name)
    import_id = drop.create("all", after_success=MOVE)
    loaded(drop, import_id)
    done = drop.folder / "done"
    done.mkdir()

    store = drop.product.wiring.stores.follow_ups
    for owed in claimed(drop):
        assert store.reserve(owed, drop.integration_id, f"done/{owed.file.path}")
    (drop.folder / "moved.csv").rename(done / "moved.csv")
    os.link(drop.folder / "copied.csv", done / "copied.csv")
    follow_up(drop)

    assert there(drop) == ["done/begun.csv", "done/copied.csv", "done/moved.csv"]
    assert drop.product.run(import_id).warnings == ()


def test_a_name_that_another_file_is_about_to_get_is_taken(drop: Watch) -> None:
    drop.put("a.csv", "a")
    first = drop.create("all", after_success=MOVE)
    loaded(drop, first)
    (owed,) = claimed(drop)
    assert drop.product.wiring.stores.follow_ups.reserve(owed, drop.integration_id, "done/a.csv")

    second = drop.create("all", after_success=MOVE)
    loaded(drop, second)
    drop.product.wiring.follow_ups().work_off(lambda: True)

    assert there(drop) == ["done/a-2.csv"]


def test_files_that_are_about_to_be_moved_are_not_taken_again(drop: Watch) -> None:
    drop.put("a.csv", "a")
    import_id = drop.create("all", after_success=MOVE)
    loaded(drop, import_id)
    assert len(claimed(drop)) == 1

    again = loaded(drop, import_id)

    assert (again.state, again.tally.read) == (RunState.COMPLETED, 0)
    assert "about to be moved" in again.warnings[0]


def test_a_cancelled_run_moves_nothing(drop: Watch) -> None:
    drop.put("a.csv", "a")
    import_id = drop.create("all", after_success=MOVE, after_failure=MOVE)
    drop.look()
    assert drop.taken(import_id) == ["a.csv"]

    drop.product.services.definitions.delete(drop.product.project, import_id, ORIGIN)
    follow_up(drop)

    assert there(drop) == ["a.csv"]
    assert claimed(drop) == ()
