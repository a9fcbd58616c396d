"""Runs told what to do, by somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.batches import Tally
from definitions.errors import ConflictError, NotFoundError
from definitions.lifecycle import Cause, RunCommand, RunState
from importmgr.acting import Actor, acting
from importmgr.services.control import RunOrder
from importmgr.services.runs import StartRun
from importmgr.store.runs import Run
from tests.acceptance.documents import PEOPLE, changed, idle, people
from tests.file_server import FileServer, Stall, Status
from tests.product import Product, wait_until, working
from tests.stores import ORIGIN

NEVER = 3_600  # seconds: long after the test was ended for hanging
BY = "66f0c1d2e3a4b5c6d7e8f903"


def tell(product: Product, import_id: str, command: RunCommand) -> RunState:
    """Tell the newest run what to do and return its state then."""
    order = RunOrder(run_id=product.run(import_id).id, command=command)
    return product.services.control.tell(product.project, import_id, ORIGIN, order).run.state


def test_who_asked_is_kept(product: Product) -> None:
    import_id = product.create(idle(people()))
    product.start(import_id)

    with acting(Actor(name=BY)):
        assert tell(product, import_id, RunCommand.CANCEL) is RunState.CANCELLED

    assert product.run(import_id).asked_by == BY


def test_what_is_not_there_is_told_nothing(product: Product) -> None:
    import_id = product.create(idle(people()))
    order = RunOrder(run_id="5" * 24, command=RunCommand.PAUSE)

    for definition_id in (import_id, "6" * 24):
        with pytest.raises(NotFoundError):
            product.services.control.tell(product.project, definition_id, ORIGIN, order)


def test_an_executor_that_fetches_turns_to_other_work_long_before_the_source_answers(
    product: Product, file_server: FileServer
) -> None:
    slow = product.create(people(file_server.put("/people.csv", PEOPLE)))
    file_server.script("/people.csv", Stall(after=10, seconds=NEVER))
    other = product.create(people(file_server.put("/other.csv", PEOPLE)))

    with working(product.wiring.executor("test")):
        wait_until(lambda: file_server.count("/people.csv").bytes_sent)
        assert tell(product, slow, RunCommand.PAUSE) is RunState.PAUSED
        wait_until(lambda: product.run(other).state is RunState.COMPLETED)
        assert product.run(slow).tally == Tally()
        tell(product, slow, RunCommand.RESUME)
        wait_until(lambda: product.run(slow).state is RunState.COMPLETED)

    assert product.run(slow).tally == Tally(read=2, unchanged=2)


def rerun(product: Product, import_id: str) -> Run:
    """Load the files of the newest run again and return the new run at its end."""
    run_id = product.run(import_id).id
    new = product.services.control.rerun(product.project, import_id, ORIGIN, run_id)
    run = product.settle(import_id)
    assert (run.id, run.rerun_of, run.cause) == (new, run_id, Cause.RERUN)
    return run


def test_the_files_of_a_run_are_loaded_again_from_their_beginnings(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/a.csv", PEOPLE)
    import_id = product.create(idle(people(file_server.url("/b.csv"))))
    product.start(import_id, StartRun(location=url, test_connection=False))
    product.settle(import_id)

    run = rerun(product, import_id)

    assert (run.state, run.warnings) == (RunState.COMPLETED, ())
    assert run.tally == Tally(read=2, unchanged=2)


def test_a_file_that_changed_is_told_of_and_one_that_is_gone_too(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(people(file_server.put("/people.csv", PEOPLE)))
    first = product.settle(import_id)
    file_server.put("/people.csv", PEOPLE.replace("Jana", "Johana"))

    other = rerun(product, import_id)
    file_server.always("/people.csv", Status(status=404))
    gone = rerun(product, import_id)

    assert other.tally == Tally(read=2, updated=1, unchanged=1)
    [warning] = other.warnings
    assert warning.endswith(f"changed since run {first.id} loaded it; it was loaded as it is now")
    assert gone.state is RunState.FAILED
    assert "404" in str(gone.error)


def test_what_was_imported_before_is_loaded_again_all_the_same(
    product: Product, tmp_path: Path
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "a.csv").write_text(PEOPLE, encoding="utf-8")
    local = product.beside(local_folders=(tmp_path,), file_stable_seconds=0.0)
    storage = {"name": "Drop", "kind": "local", "settings": {"folder": str(folder)}}
    source = {
        "source_type": "filestorage",
        "integration_id": local.services.integrations.create(local.project, storage),
        "path": "a.csv",
        "file_selection": "not_imported",
    }
    import_id = local.create(changed(people(), "source", source))
    local.settle(import_id)
    local.start(import_id)
    left_out = local.settle(import_id)

    (again,) = [each for each in local.runs(import_id) if each.tally.read]
    new = local.services.control.rerun(local.project, import_id, ORIGIN, again.id)
    local.settle(import_id)

    assert left_out.tally == Tally()
    assert local.run(import_id, new).tally == Tally(read=2, unchanged=2)
    local.close()


def test_a_run_without_files_cannot_be_repeated(product: Product) -> None:
    import_id = product.create(idle(people()))
    run = product.start(import_id)

    with pytest.raises(ConflictError, match="has chosen no files yet; start a new run instead"):
        product.services.control.rerun(product.project, import_id, ORIGIN, run.id)

    assert len(product.runs(import_id)) == 1
