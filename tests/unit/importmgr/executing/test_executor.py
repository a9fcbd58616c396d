"""Seeing runs through to their end: retried, failed, handed back, lost; the worker outlives all."""

from __future__ import annotations

import errno
import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from definitions.batches import Tally
from definitions.errors import (
    FormatError,
    ImportmgrError,
    LostLeaseError,
    PermanentError,
    ReconcileError,
    SettingsError,
    SourceRefusedError,
    SourceUnreachableError,
    StoreBusyError,
)
from definitions.lifecycle import Outcome, RunState, StopReason
from destinations.ledger import commit
from importmgr.executing.control import Control
from importmgr.executing.executor import Executor
from importmgr.executing.lease import Lease
from importmgr.store.runs import Claim, Ending
from importmgr.store.transactions import writing
from tests.acceptance.documents import PEOPLE, catalog, changed, idle, people
from tests.file_server import FileServer, Stall, Status
from tests.product import Product, wait_until, working
from tests.stores import LEASE, NOW, ORIGIN, checkpoint
from tests.unit.importmgr.executing.conftest import ROWS

UNREACHABLE = SourceUnreachableError("the source does not answer")
Act = Callable[[Claim, Control], None]


class Scripted:
    """Ends each attempt as written down, by an error or by what it does."""

    def __init__(self, *script: BaseException | Act) -> None:
        self.script = list(script)
        self.forgotten: list[str] = []

    def __call__(self, claim: Claim, control: Control) -> None:
        """Do what is next."""
        step = self.script.pop(0)
        if isinstance(step, BaseException):
            raise step
        step(claim, control)

    def fetched(self, run_id: str) -> int:
        """Fetch nothing."""
        del run_id
        return 0

    def forget(self, run_id: str) -> None:
        """Note it."""
        self.forgotten.append(run_id)

    def follow_up(self, run_id: str, go_on: Callable[[], bool]) -> None:
        """Do nothing: there are no files."""


def executor_of(product: Product, attempt: Scripted) -> Executor:
    """Return an executor of the product that makes these attempts."""
    executor = product.wiring.executor("test")
    executor._attempt = attempt
    return executor


@pytest.fixture
def import_id(product: Product) -> str:
    """A definition with one queued run."""
    made = product.create(idle(people()))
    product.start(made)
    return made


def test_a_run_is_worked_off_to_its_end_and_cleaned_up(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(people(file_server.put("/people.csv", PEOPLE)))

    run = product.settle(import_id)

    assert (run.state, run.stop_reason, run.error) == (RunState.COMPLETED, StopReason.DONE, None)
    assert (run.tally, run.rows_total, run.attempt) == (Tally(read=2, created=2), 2, 1)
    assert (run.started_at, run.finished_at) == (NOW, NOW)
    assert product.wiring.spool.runs() == []


def test_runs_are_worked_off_one_after_the_other(product: Product, file_server: FileServer) -> None:
    url = file_server.put("/people.csv", PEOPLE)
    imports = [product.create(people(url)) for _ in range(3)]

    with working(product.wiring.executor("test")):
        wait_until(lambda: all(product.run(one).state is RunState.COMPLETED for one in imports))

    assert product.customers() == 2


def test_ended_runs_and_their_rows_are_counted(product: Product, file_server: FileServer) -> None:
    url = file_server.put("/people.csv", PEOPLE + ",nobody\n")
    for address in (url, file_server.url("/missing.csv")):
        product.settle(product.create(people(address)))

    lines = product.services.metrics.render().decode().splitlines()

    assert 'importmgr_runs_total{state="completed"} 1.0' in lines
    assert 'importmgr_runs_total{state="failed"} 1.0' in lines
    assert 'importmgr_rows_total{outcome="created"} 2.0' in lines
    assert 'importmgr_rows_total{outcome="rejected"} 1.0' in lines
    assert "importmgr_run_seconds_count 2.0" in lines


def test_rows_are_counted_when_their_batch_is_committed(
    product: Product, file_server: FileServer
) -> None:
    def shown() -> bool:
        text = product.services.metrics.render().decode()
        return 'importmgr_rows_total{outcome="created"} 2.0' in text

    run_id = product.create(people(file_server.put("/people.csv", PEOPLE)))
    executor = product.wiring.executor("test")
    counted: list[bool] = []
    finish = executor._finish

    def look(claim: Claim, ending: Ending) -> None:
        counted.append(shown())
        finish(claim, ending)

    executor._finish = look  # type: ignore[method-assign]
    product.settle(run_id, executor)

    assert counted == [True]
    assert shown()  # and only once


def test_a_temporary_error_is_tried_again_later(product: Product, import_id: str) -> None:
    attempt = Scripted(UNREACHABLE, lambda *_: None)
    executor = executor_of(product, attempt)

    run = product.settle(import_id, executor)

    assert (run.state, run.attempt) == (RunState.QUEUED, 1)
    assert (run.error, run.reason_code) == (str(UNREACHABLE), "source_unreachable")
    first = product.wiring.settings.retry_first_delay_seconds
    delay = first * 0.75  # less half of its random half
    product.pass_time(delay - 1)
    assert product.wiring.stores.runs.claim("x", LEASE) is None
    assert attempt.forgotten == []

    product.pass_time(1)
    run = product.settle(import_id, executor)
    assert (run.state, run.attempt, run.error) == (RunState.COMPLETED, 2, None)
    assert attempt.forgotten == [run.id]


def test_a_longer_pause_that_the_source_asks_for_is_kept(product: Product, import_id: str) -> None:
    asked = SourceUnreachableError("busy", retry_after=1000)
    product.settle(import_id, executor_of(product, Scripted(asked)))

    product.pass_time(995)
    assert product.wiring.stores.runs.claim("x", LEASE) is None
    product.pass_time(5)
    assert product.wiring.stores.runs.claim("x", LEASE) is not None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Status(status=401), "source_refused"),
        (Status(status=403), "source_refused"),
        (Status(status=404), "source_refused"),
        (None, "format"),
    ],
)
def test_what_will_not_pass_fails_the_run_at_once(
    product: Product, file_server: FileServer, answer: Status | None, code: str
) -> None:
    import_id = product.create(people(file_server.put("/people.csv", "")))
    if answer is not None:
        file_server.always("/people.csv", answer)

    run = product.settle(import_id)

    assert (run.state, run.reason_code) == (RunState.FAILED, code)
    [attempt] = product.wiring.stores.runs.attempts(run.id)
    assert (attempt.outcome, attempt.code) == (Outcome.FAILED, code)
    assert attempt.text == run.error


@pytest.mark.parametrize(
    ("status", "asked", "least"), [(500, None, 20), (503, None, 20), (429, "120", 120)]
)
def test_what_may_pass_is_tried_again_as_the_definition_says(
    product: Product, file_server: FileServer, status: int, asked: str | None, least: int
) -> None:
    document = people(file_server.put("/people.csv", PEOPLE))
    retry = {"max_attempts": 2, "first_delay": 40, "max_delay": 60}
    import_id = product.create(changed(document, "retry", retry))
    file_server.always("/people.csv", Status(status=status, retry_after=asked))

    first = product.settle(import_id)
    product.pass_time(300)
    second = product.settle(import_id)

    assert (first.state, second.state) == (RunState.QUEUED, RunState.FAILED)
    told = product.wiring.stores.runs.attempts(first.id)
    assert [each.outcome for each in told] == [Outcome.AGAIN, Outcome.FAILED]
    assert least <= (told[0].delay or 0) <= max(least, 40)
    assert str(status) in str(told[0].text)


def test_a_run_that_gets_no_further_is_stopped_and_tried_again(
    product: Product, file_server: FileServer
) -> None:
    document = people(file_server.put("/people.csv", PEOPLE))
    patient = changed(document, "retry", {"first_delay": 3600, "max_delay": 3600})
    import_id = product.create(changed(patient, "stall_timeout", 40))
    file_server.script("/people.csv", Stall(after=10, seconds=20))

    def is_given_back() -> bool:
        if product.run(import_id).state is RunState.QUEUED:
            return True
        product.clock.move(5)
        return False

    with working(product.wiring.executor("test")):
        wait_until(lambda: file_server.count("/people.csv").bytes_sent)
        wait_until(is_given_back)
    again = product.run(import_id)
    product.pass_time(3600)
    ended = product.settle(import_id)

    assert (again.reason_code, ended.state) == ("stalled", RunState.COMPLETED)
    assert "no byte came and no batch was loaded for 40 s" in str(again.error)
    told = product.wiring.stores.runs.attempts(ended.id)
    assert [each.outcome for each in told] == [Outcome.AGAIN, Outcome.COMPLETED]


def test_a_source_that_stays_away_fails_the_run_in_the_end(
    product: Product, file_server: FileServer
) -> None:
    few = product.beside(max_attempts=2)
    import_id = few.create(people(file_server.put("/people.csv", PEOPLE)))
    file_server.always("/people.csv", Status(status=503))

    first = few.settle(import_id)
    few.pass_time(1000)
    second = few.settle(import_id)

    assert (first.state, first.attempt) == (RunState.QUEUED, 1)
    assert (second.state, second.stop_reason) == (RunState.FAILED, StopReason.SOURCE_ERROR)
    assert second.error is not None
    assert "503" in second.error
    assert second.error.endswith("(gave up after 2 failures in a row)")
    assert few.wiring.spool.runs() == []
    few.close()


def test_failures_far_apart_do_not_add_up(product: Product) -> None:
    few = product.beside(max_attempts=2)
    import_id = few.create(people())
    batches = itertools.count(1)

    def load_a_batch_and_fail(claim: Claim, _: Control) -> None:
        with writing(few.wiring.engine) as transaction:
            commit(transaction, claim.run.id, claim.run.token, checkpoint(next(batches)))
        raise UNREACHABLE

    attempt = Scripted(*[load_a_batch_and_fail] * 4, UNREACHABLE)
    executor = executor_of(few, attempt)
    states = []
    for _ in range(5):
        states.append(few.settle(import_id, executor).state)
        few.pass_time(1000)

    assert states == [RunState.QUEUED] * 4 + [RunState.FAILED]
    assert few.run(import_id).attempt == 5
    few.close()


def test_an_executor_that_dies_costs_no_attempt(product: Product, import_id: str) -> None:
    for _ in range(product.wiring.settings.max_attempts):
        assert product.wiring.stores.runs.claim("dead", LEASE) is not None
        assert product.wiring.stores.runs.requeue_owned("dead") == 1

    run = product.settle(import_id, executor_of(product, Scripted(UNREACHABLE)))

    assert run.state is RunState.QUEUED


def test_a_source_that_comes_back_loads_every_row_once(
    in_batches: Product, people_url: str, file_server: FileServer
) -> None:
    file_server.always("/people.csv", Status(status=503))
    import_id = in_batches.create(people(people_url))
    assert in_batches.settle(import_id).state is RunState.QUEUED
    file_server.always("/people.csv", None)
    in_batches.pass_time(1000)

    run = in_batches.settle(import_id)

    assert (run.state, run.attempt) == (RunState.COMPLETED, 2)
    assert run.tally == Tally(read=ROWS, created=ROWS)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SourceRefusedError("the source answers 404"), StopReason.SOURCE_ERROR),
        (FormatError("no header"), StopReason.FORMAT_ERROR),
        (PermanentError("the database refused the data"), StopReason.DESTINATION_ERROR),
        (ReconcileError("the counts do not add up"), StopReason.RECONCILE),
        (SettingsError("the password cannot be decrypted"), StopReason.INTERNAL),
    ],
)
def test_a_permanent_error_fails_the_run_at_once(
    product: Product, import_id: str, error: ImportmgrError, reason: StopReason
) -> None:
    attempt = Scripted(error)

    run = product.settle(import_id, executor_of(product, attempt))

    assert (run.state, run.stop_reason, run.attempt) == (RunState.FAILED, reason, 1)
    assert (run.error, run.reason_code) == (str(error), error.code)
    assert run.finished_at == NOW
    assert attempt.forgotten == [run.id]


def test_a_missing_key_column_fails_the_run_and_writes_nothing(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/items.csv", "id,title\na,A\n")
    import_id = product.create(catalog(url, "Shoes"))

    run = product.settle(import_id)

    (shoes,) = product.services.catalogs.list(product.project, 10, 0).items
    assert (run.state, run.stop_reason) == (RunState.FAILED, StopReason.FORMAT_ERROR)
    assert (run.reason_code, run.tally) == ("missing_column", Tally())
    assert run.error is not None
    assert "'item_id'" in run.error
    assert product.services.catalogs.items(product.project, shoes.id, (10, 0)).total == 0


@pytest.mark.parametrize(
    ("error", "lack"),
    [
        (OSError(errno.EMFILE, "Too many open files", "/inside"), "has too many files open"),
        (MemoryError(), "there is not enough memory"),
    ],
)
def test_a_run_goes_on_when_the_machine_has_what_it_lacked(
    product: Product, import_id: str, error: BaseException, lack: str
) -> None:
    executor = executor_of(product, Scripted(error, lambda *_: None))

    before = product.settle(import_id, executor)
    product.pass_time(3600)
    after = product.settle(import_id, executor)

    assert (before.state, before.reason_code) == (RunState.QUEUED, "temporary")
    assert lack in str(before.error)
    assert "/inside" not in str(before.error)
    assert after.state is RunState.COMPLETED


@pytest.mark.parametrize("error", [ValueError("secret inside"), pl.exceptions.PanicException("x")])
def test_a_defect_fails_the_run_shows_no_inside_and_leaves_the_worker_alive(
    product: Product, import_id: str, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    other = product.create(idle(people()))
    product.start(other)
    executor = executor_of(product, Scripted(error, lambda *_: None))

    with working(executor):
        wait_until(lambda: product.run(other).state is RunState.COMPLETED)

    run = product.run(import_id)
    assert (run.state, run.stop_reason) == (RunState.FAILED, StopReason.INTERNAL)
    assert run.reason_code == "internal"
    name = type(error).__name__
    assert run.error == f"internal error ({name}); the service's log has the details"
    (logged,) = [record for record in caplog.records if record.exc_info]
    assert run.id in str(logged.msg)


def test_a_run_that_is_handed_back_at_shutdown_has_lost_no_attempt(
    product: Product, import_id: str
) -> None:
    def shut_down(_: Claim, control: Control) -> None:
        control.stop.set()
        control.raise_if_asked()

    attempt = Scripted(shut_down, lambda *_: None)
    executor = executor_of(product, attempt)

    run = product.settle(import_id, executor)

    assert (run.state, run.attempt, run.error) == (RunState.QUEUED, 0, None)
    assert attempt.forgotten == []
    assert product.settle(import_id, executor).attempt == 1  # at once: no pause


def test_stopping_hands_a_run_back_between_two_batches(
    in_batches: Product, people_url: str
) -> None:
    import_id = in_batches.create(people(people_url))
    executor = in_batches.wiring.executor("test")
    with working(executor) as stop:
        wait_until(lambda: in_batches.run(import_id).tally.read > 0)
        stop.set()

    stopped = in_batches.run(import_id)
    finished = stopped if stopped.state is RunState.COMPLETED else in_batches.settle(import_id)

    assert stopped.state in {RunState.QUEUED, RunState.COMPLETED}
    assert (finished.state, finished.attempt) == (RunState.COMPLETED, 1)
    assert finished.tally == Tally(read=ROWS, created=ROWS)


def test_a_run_that_is_lost_is_left_as_its_new_owner_has_it(
    product: Product, import_id: str
) -> None:
    attempt = Scripted(LostLeaseError("taken over"))

    with working(executor_of(product, attempt)):
        wait_until(lambda: not attempt.script)

    run = product.run(import_id)
    assert (run.state, run.error) == (RunState.STARTING, None)  # untouched: the lease decides
    assert attempt.forgotten == []


def test_what_breaks_a_run_that_is_not_ours_any_more_is_no_defect(
    product: Product, import_id: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def wake_too_late(claim: Claim, _: Control) -> None:
        product.wiring.stores.runs.release(claim.run.id, claim.run.token)
        (tmp_path / "removed meanwhile").read_bytes()

    with working(executor_of(product, Scripted(wake_too_late, lambda *_: None))):
        wait_until(lambda: product.run(import_id).state is RunState.COMPLETED)  # the next attempt

    assert not [record for record in caplog.records if record.exc_info]
    assert "run lost" in caplog.text


@pytest.mark.parametrize("error", [None, UNREACHABLE, FormatError("no header")])
def test_whatever_the_outcome_a_run_cancelled_meanwhile_stays_cancelled(
    product: Product, import_id: str, error: ImportmgrError | None
) -> None:
    def cancel(claim: Claim, _: Control) -> None:
        product.services.definitions.delete(product.project, claim.definition.id, ORIGIN)
        if error is not None:
            raise error

    other = product.create(idle(people()))
    run_id = product.run(import_id).id
    product.start(other)
    executor = executor_of(product, Scripted(cancel, lambda *_: None))
    with working(executor):
        wait_until(lambda: product.run(other).state is RunState.COMPLETED)

    run = product.wiring.stores.runs.get(import_id, run_id)
    assert run is not None
    assert (run.state, run.stop_reason) == (RunState.CANCELLED, StopReason.DEFINITION_DELETED)


@pytest.mark.parametrize("error", [StoreBusyError("locked"), PermanentError("refused")])
def test_a_database_that_fails_while_a_run_is_claimed_or_concluded_costs_no_worker(
    product: Product, import_id: str, monkeypatch: pytest.MonkeyPatch, error: ImportmgrError
) -> None:
    runs = product.wiring.stores.runs
    really = {"claim": runs.claim, "finish": runs.finish}
    failures = {"claim": 2, "finish": 1}

    def stumble(name: str) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            failures[name] -= 1
            if failures[name] >= 0:
                raise error
            return really[name](*args, **named)  # type: ignore[operator]

        return call

    for name in really:
        monkeypatch.setattr(runs, name, stumble(name))
    may_pass = isinstance(error, StoreBusyError)
    with working(executor_of(product, Scripted(lambda *_: None, lambda *_: None))):
        wait_until(lambda: failures["finish"] <= 0)
        if not may_pass:
            product.pass_time(61)
            wait_until(runs.reap)
        wait_until(lambda: product.run(import_id).state is RunState.COMPLETED)

    assert product.run(import_id).attempt == (1 if may_pass else 2)


def test_a_conclusion_is_not_tried_for_longer_than_the_run_is_ours(
    product: Product, import_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()
    hasty = product.beside(lease_seconds=0.4, heartbeat_seconds=0.02)
    other = product.create(idle(people()))

    def be_away(run_id: str, *_: object) -> None:
        asked.append(run_id)
        if len(asked) == 1:
            product.services.definitions.delete(product.project, import_id, ORIGIN)
            product.start(other)
        msg = "the database is away"
        raise StoreBusyError(msg)

    monkeypatch.setattr(hasty.wiring.stores.runs, "finish", be_away)
    with working(executor_of(hasty, Scripted(lambda *_: None, lambda *_: None))):
        wait_until(lambda: len(set(asked)) == 2)

    assert product.run(other).state is RunState.STARTING
    hasty.close()


def test_what_breaks_outside_of_an_attempt_costs_no_worker(
    product: Product, import_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, begin = product.wiring.stores.runs, Lease.__enter__
    really, broken = runs.claim, list[str]()

    def claim_without_memory(owner: str, lease: timedelta) -> Claim | None:
        if not broken:
            broken.append("claim")
            raise MemoryError
        return really(owner, lease)

    def begin_without_thread(lease: Lease) -> Lease:
        if len(broken) == 1:
            broken.append("lease")
            msg = "can't start new thread"
            raise RuntimeError(msg)
        return begin(lease)

    monkeypatch.setattr(runs, "claim", claim_without_memory)
    monkeypatch.setattr(Lease, "__enter__", begin_without_thread)
    with working(executor_of(product, Scripted(lambda *_: None))):
        wait_until(lambda: len(broken) == 2)
        product.pass_time(61)
        wait_until(runs.reap)
        wait_until(lambda: product.run(import_id).state is RunState.COMPLETED)

    assert product.run(import_id).attempt == 2


def test_an_executor_without_work_stops_at_once(product: Product) -> None:
    stop = threading.Event()
    stop.set()

    product.wiring.executor("test").work(stop)


def test_every_line_about_a_run_names_run_definition_and_attempt(
    small_product: Product, file_server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    import_id = small_product.create(people(file_server.put("/people.csv", PEOPLE)))

    run = small_product.settle(import_id)

    lines = [dict(each.msg) for each in caplog.records if isinstance(each.msg, dict)]
    events = {line["event"] for line in lines}
    assert {"attempt started", "files chosen", "file opened", "run ended"} <= events
    names = {(line.get("run_id"), line.get("definition_id"), line.get("attempt")) for line in lines}
    assert names == {(run.id, import_id, 1)}
