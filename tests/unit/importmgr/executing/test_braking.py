"""Brakes of real runs: they warn, wait for a person, or fail, and say so."""

from __future__ import annotations

import pytest

from definitions.batches import Tally
from definitions.errors import BrakedError, ConflictError, NotFoundError
from definitions.lifecycle import RunCommand, RunState, StopReason
from definitions.sentences import sentence
from importmgr.services.control import RunOrder
from importmgr.services.faults import FaultPage, FaultQuery
from importmgr.services.rejects import Form, RejectQuery
from importmgr.store.runs import Run
from tests.acceptance.documents import PEOPLE, Document, changed, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import ORIGIN
from tests.unit.importmgr.executing.test_attempt import attempt_of, claim_of, held

HEADER = "mail,name\n"


def rows(count: int, *, bad: int = 0) -> str:
    """Return a file of so many people, the last of which lack the key."""
    good = "".join(f"p{number}@example.com,P\n" for number in range(count - bad))
    return HEADER + good + ",nobody\n" * bad


def braked(url: str, **brakes: object) -> Document:
    """Return a definition with brakes."""
    return changed(people(url), "brakes", brakes)


def tell(product: Product, run: Run, command: RunCommand) -> Run:
    """Tell a run what to do and return it as it is then."""
    order = RunOrder(run_id=run.id, command=command)
    told = product.services.control.tell(product.project, run.definition_id, ORIGIN, order)
    return told.run


def faults_of(product: Product, run: Run) -> FaultPage:
    """Return the faults of a run."""
    query = FaultQuery(limit=50)
    return product.services.faults.list(product.project, run.definition_id, ORIGIN, run.id, query)


def why(product: Product, import_id: str) -> list[str]:
    """Return the codes of what was decided about a definition, the newest first."""
    found = product.services.schedules.decisions(product.project, import_id, ORIGIN, (50, 0), None)
    for decision in found.items:
        assert not sentence(decision.code, decision.facts).startswith(f"{decision.code}, ")
    return [decision.code for decision in found.items]


def test_an_empty_file_waits_for_a_person_who_lets_it_pass(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", HEADER)
    import_id = product.create(braked(url, empty_file="pause"))

    run = product.settle(import_id)

    assert (run.state, run.tally) == (RunState.PAUSED, Tally())
    assert run.braked is not None
    assert (run.braked.brake, run.braked.text) == ("empty_file", f"{url} has no rows")
    with pytest.raises(ConflictError, match=r"was braked .*has no rows.*; continue it"):
        tell(product, run, RunCommand.RESUME)
    assert tell(product, run, RunCommand.CONTINUE).braked is None
    assert product.settle(import_id).state is RunState.COMPLETED
    assert why(product, import_id) == ["brake_passed", "brake_paused"]


def test_a_brake_without_an_action_does_what_the_operator_says(
    small_product: Product, file_server: FileServer
) -> None:
    strict = small_product.beside(brake_action="pause")
    url = file_server.put("/people.csv", HEADER)
    plain, allowing = people(url), braked(url, empty_file="allow")

    states = [strict.settle(strict.create(each)).state for each in (plain, allowing)]

    assert states == [RunState.PAUSED, RunState.COMPLETED]
    strict.close()


@pytest.mark.parametrize("action", ["pause", "fail"])
def test_that_a_brake_stopped_a_run_is_told_only_once_it_has(
    small_product: Product, file_server: FileServer, action: str
) -> None:
    url = file_server.put("/people.csv", HEADER)
    import_id = small_product.create(braked(url, empty_file=action))
    claim = claim_of(small_product)

    with held(small_product, claim) as control, pytest.raises(BrakedError):
        attempt_of(small_product)(claim, control)

    assert why(small_product, import_id) == []


def test_a_braked_run_can_be_cancelled(product: Product, file_server: FileServer) -> None:
    import_id = product.create(braked(file_server.put("/p.csv", HEADER), empty_file="pause"))
    run = product.settle(import_id)

    ended = tell(product, run, RunCommand.CANCEL)

    assert (ended.state, ended.braked) == (RunState.CANCELLED, None)


def test_what_a_person_paused_is_not_continued(product: Product) -> None:
    run = product.start(product.create(changed(people(), "active", value=False)))
    tell(product, run, RunCommand.PAUSE)

    with pytest.raises(ConflictError, match="was paused by a person, not by a brake; resume it"):
        tell(product, run, RunCommand.CONTINUE)


def test_a_column_that_is_not_there_fails_the_run_before_anything_is_loaded(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", "mail\njana@example.com\n")
    import_id = product.create(braked(url, missing_column="fail"))

    run = product.settle(import_id)

    assert (run.state, run.stop_reason) == (RunState.FAILED, StopReason.THRESHOLD)
    assert (run.reason_code, run.tally) == ("braked", Tally())
    assert "column 'name'" in str(run.error)
    assert product.customers() == 0


def test_a_column_that_may_be_missing_is_not_warned_of(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", "mail\njana@example.com\n")

    silent = product.settle(product.create(braked(url, missing_column="allow")))
    told = product.settle(product.create(people(url)))

    assert (silent.state, silent.warnings) == (RunState.COMPLETED, ())
    assert len(told.warnings) == 1


def test_new_columns_are_told_once_there_was_a_run_without_them(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", PEOPLE)
    import_id = product.create(people(url))
    first = product.settle(import_id)
    file_server.put("/people.csv", "mail,name,age\njana@example.com,Jana,5\n")
    product.start(import_id)

    run = product.settle(import_id)

    assert first.warnings == ()
    assert run.state is RunState.COMPLETED
    assert run.warnings == ("columns that were not there before and are not mapped: 'age'",)
    assert why(product, import_id) == ["brake_warned"]


def test_the_batch_with_too_many_rejected_rows_is_not_loaded(
    in_batches: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", rows(300, bad=200))
    limits = {"action": "pause", "rows": 50}
    import_id = in_batches.create(braked(url, max_rejected=limits))

    run = in_batches.settle(import_id)

    assert run.state is RunState.PAUSED
    assert 0 < run.tally.created <= 100
    assert run.tally.rejected <= 50
    tell(in_batches, run, RunCommand.CONTINUE)
    ended = in_batches.settle(import_id)
    assert ended.state is RunState.COMPLETED
    assert ended.tally == Tally(read=300, created=100, rejected=200)


@pytest.mark.parametrize("action", ["pause", "fail"])
def test_a_short_run_of_which_most_is_rejected_is_not_loaded(
    product: Product, file_server: FileServer, action: str
) -> None:
    url = file_server.put("/people.csv", rows(9, bad=5))

    run = product.settle(product.create(braked(url, max_rejected={"action": action})))

    assert run.state is (RunState.PAUSED if action == "pause" else RunState.FAILED)
    assert (run.tally, product.customers()) == (Tally(), 0)


def test_a_short_run_of_which_most_is_rejected_is_warned_of(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", rows(9, bad=5))

    run = product.settle(product.create(people(url)))

    assert run.warnings == ("5 of 9 rows rejected, more than 50%",)


def test_faults_of_rows_that_a_brake_held_back_are_shown_and_counted_once_they_count(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", rows(9, bad=5))
    import_id = product.create(braked(url, max_rejected={"action": "pause"}))
    run = product.settle(import_id)

    held = faults_of(product, run)
    [shown] = product.services.runs.list(product.project, import_id, ORIGIN, (1, 0)).items

    assert (held.stored, held.held_back, held.run.fault_count) == (5, 5, 0)
    assert [fault.row for fault in held.faults] == [5, 6, 7, 8, 9]
    assert shown.faults == tuple(held.faults)
    with pytest.raises(NotFoundError, match="a brake held back the rows that would be"):
        product.services.rejects.open(
            product.project, import_id, ORIGIN, run.id, RejectQuery(form=Form.ORIGINAL)
        )
    tell(product, run, RunCommand.CONTINUE)
    counted = faults_of(product, product.settle(import_id))
    assert (counted.stored, counted.held_back, counted.run.fault_count) == (5, 0, 5)
    assert counted.faults == held.faults


def test_too_few_rows_are_not_loaded_when_they_are_one_batch(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", rows(40))
    limits = {"action": "pause", "least": 0.5, "after": 1}
    import_id = product.create(braked(url, row_count=limits))
    product.settle(import_id)
    file_server.put("/people.csv", HEADER + "new@example.com,New\n")
    product.start(import_id)

    run = product.settle(import_id)

    assert (run.state, run.tally) == (RunState.PAUSED, Tally())
    assert run.braked is not None
    assert run.braked.figures == {"read": 1, "median": 40, "runs": 1, "least": 0.5}
    tell(product, run, RunCommand.CONTINUE)
    assert product.settle(import_id).tally == Tally(read=1, created=1)


def test_too_many_rows_stop_at_the_batch_that_is_too_much(
    in_batches: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", rows(50))
    limits = {"action": "fail", "most": 2, "after": 1}
    import_id = in_batches.create(braked(url, row_count=limits))
    in_batches.settle(import_id)
    file_server.put("/people.csv", rows(300))
    in_batches.start(import_id)

    run = in_batches.settle(import_id)

    assert (run.state, run.stop_reason) == (RunState.FAILED, StopReason.THRESHOLD)
    assert run.tally.read <= 100
