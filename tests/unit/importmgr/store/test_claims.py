from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import repeat
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Checkpoint, Tally
from definitions.errors import LostLeaseError, SourceUnreachableError
from definitions.lifecycle import RunCommand, RunState, StopReason
from importmgr.store import claims as claiming
from importmgr.store.claims import MAX_WARNINGS, next_due
from importmgr.store.control import RunControl
from importmgr.store.runs import Ending, OpenedFile, Run, RunStore
from importmgr.store.tables import is_held, runs
from importmgr.store.transactions import reading, writing
from tests.engines import open_engine
from tests.stores import DONE, LEASE, NOW, ORIGIN, Stores, checkpoint, new_run

WAIT = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
AT_ONCE = timedelta(0)
LATER = NOW + WAIT
Loss: TypeAlias = Callable[[Stores, Run], None]


def test_a_claim_has_everything_needed_to_work(stores: Stores) -> None:
    definition = stores.definition()
    queued = stores.queue(definition)
    stores.pass_time(WAIT)

    claim = stores.claim()

    assert claim.run.id == queued.id
    assert claim.run.state is RunState.STARTING
    assert (claim.run.token, claim.run.attempt, claim.run.started_at) == (1, 1, LATER)
    assert claim.definition == definition
    assert claim.project.id == definition.project_id
    assert claim.checkpoint == Checkpoint()


def test_nothing_queued_is_nothing_to_claim(stores: Stores) -> None:
    stores.definition()

    assert stores.runs.claim("me", LEASE) is None


def test_only_one_of_many_threads_claims_a_run(stores: Stores) -> None:
    stores.queue(stores.definition())

    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda n: stores.runs.claim(f"t{n}", LEASE), range(16)))

    assert [claim.run.token for claim in claims if claim] == [1]


def test_runs_of_one_definition_never_overlap_and_keep_their_order(stores: Stores) -> None:
    definitions = [stores.definition() for _ in range(4)]
    asked = [stores.queue(of).id for _ in range(6) for of in definitions]
    busy: set[str] = set()
    worked: list[str] = []
    overlaps: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        deadline = time.monotonic() + 20
        while len(worked) < len(asked) and time.monotonic() < deadline:
            claim = stores.runs.claim(f"t{number}", LEASE)
            if claim is None:
                continue
            with lock:
                if claim.definition.id in busy:
                    overlaps.append(claim.run.id)
                busy.add(claim.definition.id)
                worked.append(claim.run.id)
            time.sleep(0.002)
            with lock:
                busy.discard(claim.definition.id)
            stores.runs.finish(claim.run.id, claim.run.token, DONE, NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))

    assert overlaps == []
    assert sorted(worked) == sorted(asked)
    for number in range(len(definitions)):
        mine = asked[number :: len(definitions)]
        assert [run for run in worked if run in mine] == mine


def test_the_database_itself_refuses_two_held_runs_of_one_definition(stores: Stores) -> None:
    definition = stores.definition()
    first, second = stores.queue(definition), stores.queue(definition)
    stores.claim()

    with pytest.raises(sa.exc.IntegrityError), stores.engine.begin() as connection:
        connection.execute(
            sa.update(runs).where(runs.c.id == second.id).values(state=RunState.RUNNING)
        )

    assert stores.state(first) is RunState.STARTING


@pytest.mark.postgres
def test_an_elder_that_is_tried_again_meanwhile_is_no_collision(
    postgres_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = Stores(postgres_engine)
    control = RunControl(stores.engine, stores.clock)
    definition = stores.definition()
    elder, younger = stores.queue(definition), stores.queue(definition)
    control.tell(elder, RunCommand.CANCEL)
    really, meanwhile = claiming._has_room, [True]

    def has_room(*args: Any) -> bool:  # noqa: ANN401 - as the original
        if meanwhile:
            meanwhile.clear()
            control.tell(elder, RunCommand.RETRY)
            assert stores.claim("other").run.id == elder.id
        return really(*args)

    monkeypatch.setattr(claiming, "_has_room", has_room)

    assert stores.runs.claim("me", LEASE) is None
    left = stores.runs.get(definition.id, younger.id)
    assert left is not None
    assert left.state is RunState.QUEUED


def test_a_project_never_has_more_runs_in_hand_than_it_may_have(
    engine: Engine, database_url: str
) -> None:
    on_server = engine.dialect.name == "postgresql"
    threads, definitions = (18, 14) if on_server else (9, 12)
    stores = Stores(engine)
    limits = {project.id: most for most in (4, 10, 10) for project in [stores.project()]}
    for project in stores.projects.list():
        stores.projects.limit(project, limits[project.id])
    made = [stores.definition(one) for one in stores.projects.list() for _ in range(definitions)]
    with writing(engine) as transaction:
        queued = [new_run(each) for each in made for _ in range(2)]
        stores.runs.queue_scheduled(transaction, queued)
    seen: dict[int, list[int]] = {of: [] for of in limits}
    done: list[str] = []

    def work(number: int, processes: Sequence[Engine]) -> None:
        own = processes[number % 3]
        executor = RunStore(own, stores.clock)
        while len(done) < len(queued):
            claim = executor.claim(f"t{number}", LEASE)
            if claim is None:
                time.sleep(0.02)
                continue
            of = claim.project.id
            mine = sa.select(sa.func.count()).where(runs.c.project_id == of, is_held())
            with reading(own) as transaction:
                seen[of].append(transaction.execute(mine).scalar_one())
            done.append(claim.run.id)
            executor.finish(claim.run.id, claim.run.token, DONE, NOW)

    with ExitStack() as opened, ThreadPoolExecutor(threads) as pool:
        processes = [opened.enter_context(open_engine(database_url)) for _ in range(3)]
        list(pool.map(work, range(threads), repeat(processes)))

    assert sorted(done) == sorted(run.id for run in queued)
    assert all(1 < max(seen[of]) <= limit for of, limit in limits.items())


def test_a_full_project_does_not_keep_others_from_working(stores: Stores) -> None:
    full, other = stores.project(), stores.project()
    stores.projects.limit(full, 1)
    for _ in range(2):
        stores.queue(stores.definition(full))
    wanted = stores.queue(stores.definition(other))
    stores.claim()

    assert stores.claim().run.id == wanted.id
    assert stores.runs.claim("me", LEASE) is None
    stores.projects.limit(full, None)
    assert stores.claim().project.id == full.id


def test_a_greater_priority_goes_first_but_never_before_its_own_elders(stores: Stores) -> None:
    plain, urgent, behind = (stores.definition() for _ in range(3))
    asked = [(behind, 0), (plain, 0), (urgent, 7), (behind, 900)]
    queued = [
        stores.runs.queue(None, replace(new_run(of), priority=priority), max_waiting=100)
        for of, priority in asked
    ]

    ids, worked = [run.id for run in queued], []
    for _ in queued:
        claim = stores.claim()
        worked.append(ids.index(claim.run.id))
        stores.runs.finish(claim.run.id, claim.run.token, DONE, NOW)

    assert worked == [2, 0, 3, 1]


def test_another_definition_does_not_wait(stores: Stores) -> None:
    slow, fast = stores.definition(), stores.definition()
    stores.queue(slow)
    stores.queue(slow)
    other = stores.queue(fast)
    stores.claim()

    assert stores.claim().run.id == other.id


def test_a_run_is_not_claimed_before_its_time(stores: Stores) -> None:
    stores.queue(stores.definition())
    claim = stores.claim()
    error = SourceUnreachableError("connection refused")
    stores.runs.requeue(claim.run.id, claim.run.token, WAIT, error=error)

    stores.pass_time(WAIT - SECOND)
    assert stores.runs.claim("me", LEASE) is None
    stores.pass_time(SECOND)
    assert stores.claim().run.attempt == 2


def test_a_run_that_waits_for_its_next_attempt_is_not_overtaken(stores: Stores) -> None:
    definition = stores.definition()
    first, second = stores.queue(definition), stores.queue(definition)
    claim = stores.claim()
    error = SourceUnreachableError("connection refused")
    stores.runs.requeue(claim.run.id, claim.run.token, WAIT, error=error)

    assert stores.runs.claim("me", LEASE) is None
    stores.pass_time(WAIT)
    assert stores.claim().run.id == first.id
    assert stores.state(second) is RunState.QUEUED


def test_a_run_starts_no_sooner_than_the_one_before_it_ended(stores: Stores) -> None:
    definition = stores.definition()
    stores.queue(definition)
    stores.queue(definition)
    first = stores.claim()
    stores.runs.finish(first.run.id, first.run.token, DONE, LATER)

    assert stores.claim().run.started_at == LATER


def test_running_notes_where_the_data_comes_from(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    stores.runs.running(run.id, run.token, "https://files.example.test/p.csv")

    assert stores.state(run) is RunState.RUNNING
    assert stores.again(run).source_location == "https://files.example.test/p.csv"


def test_a_run_remembers_how_its_files_were_read_the_last_word_on_each(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    files = [
        OpenedFile(file="b.csv", read_as={"encoding": "utf-8"}),
        OpenedFile(file="a.csv", read_as={"encoding": "utf-8"}),
        OpenedFile(file="b.csv", read_as={"encoding": "utf-16-le"}),
    ]

    for opened in files:
        stores.runs.file_opened(run.id, run.token, opened, ())

    assert stores.again(run).files == tuple(files[1:])


def test_only_the_holder_of_a_run_says_how_files_were_read(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    with pytest.raises(LostLeaseError):
        stores.runs.file_opened(run.id, run.token - 1, OpenedFile(file="a.csv", read_as={}), ("x",))
    assert (stores.again(run).files, stores.again(run).warnings) == ((), ())


def test_a_file_that_is_opened_is_written_down_in_one_step(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    opened = OpenedFile(file="https://files.example.test/p.csv", read_as={"encoding": "utf-8"})
    begun: list[str] = []
    sa.event.listen(stores.engine, "begin", lambda _: begun.append("begin"))

    stores.runs.file_opened(run.id, run.token, opened, ("look at it",))

    assert begun == ["begin"]
    after = stores.again(run)
    assert (stores.state(run), after.source_location) == (RunState.RUNNING, opened.file)
    assert (after.files, after.warnings) == ((opened,), ("look at it",))


def test_a_heartbeat_keeps_the_run_from_the_reaper(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    assert stores.runs.heartbeat(run.id, run.token, 2 * LEASE) is True
    stores.pass_time(LEASE + SECOND)
    assert stores.runs.reap() == 0
    stores.pass_time(LEASE)
    assert stores.runs.reap() == 1


def test_a_finished_run_keeps_the_counts_of_its_ledger(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.runs.running(run.id, run.token, None)
    stores.commit(run, checkpoint(1))
    stores.commit(run, checkpoint(2))

    stores.runs.finish(run.id, run.token, DONE, LATER)

    ended = stores.again(run)
    assert (ended.state, ended.stop_reason) == (RunState.COMPLETED, StopReason.DONE)
    assert ended.tally == Tally(read=20, created=18, rejected=2)
    assert (ended.fault_count, ended.rows_total, ended.finished_at) == (2, 20, LATER)


def test_a_failed_run_says_why_and_has_no_total(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    ending = Ending(
        state=RunState.FAILED,
        reason=StopReason.SOURCE_ERROR,
        error="the source answers 404",
        reason_code="source_refused",
        warnings=("column 'x' is not in the file",),
    )

    stores.runs.finish(run.id, run.token, ending, LATER)

    ended = stores.again(run)
    assert (ended.error, ended.reason_code) == ("the source answers 404", "source_refused")
    assert ended.warnings == ("column 'x' is not in the file",)
    assert ended.rows_total is None


def test_a_finished_run_takes_no_further_batch(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.runs.finish(run.id, run.token, DONE, NOW)

    with pytest.raises(LostLeaseError):
        stores.commit(run, checkpoint(1))
    with pytest.raises(LostLeaseError):
        stores.runs.finish(run.id, run.token, DONE, NOW)


def _requeue(stores: Stores, run: Run) -> None:
    stores.runs.requeue(run.id, run.token, AT_ONCE, error=SourceUnreachableError("gone"))


def _reap(stores: Stores, run: Run) -> None:
    del run
    stores.pass_time(WAIT)
    assert stores.runs.reap() == 1


def _take_over(stores: Stores, run: Run) -> None:
    _reap(stores, run)
    assert stores.claim("other").run.token == run.token + 1


def _delete(stores: Stores, run: Run) -> None:
    assert stores.definitions.delete(run.project_id, run.definition_id, ORIGIN, LATER)


@pytest.mark.parametrize("lose", [_requeue, _reap, _take_over, _delete])
def test_a_zombie_can_write_nothing(stores: Stores, lose: Loss) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    stores.runs.running(run.id, run.token, None)
    stores.commit(run, checkpoint(1))
    lose(stores, run)
    before = stores.again(run)

    assert stores.runs.heartbeat(run.id, run.token, LEASE) is False
    with pytest.raises(LostLeaseError):
        stores.commit(run, checkpoint(2))
    with pytest.raises(LostLeaseError):
        stores.runs.running(run.id, run.token, "elsewhere")
    with pytest.raises(LostLeaseError):
        stores.runs.add_warnings(run.id, run.token, ("no",))
    with pytest.raises(LostLeaseError):
        stores.runs.finish(run.id, run.token, DONE, LATER)
    with pytest.raises(LostLeaseError):
        stores.runs.release(run.id, run.token)
    with pytest.raises(LostLeaseError):
        stores.runs.count_failure(run.id, run.token)

    assert stores.again(run) == before
    assert before.tally == checkpoint(1).tally


def test_another_attempt_goes_on_at_the_checkpoint(stores: Stores) -> None:
    stores.queue(stores.definition())
    first = stores.claim().run
    stores.runs.running(first.id, first.token, None)
    stores.commit(first, checkpoint(1))
    error = SourceUnreachableError("connection reset")
    stores.runs.requeue(first.id, first.token, AT_ONCE, error=error)

    waiting = stores.again(first)
    claim = stores.claim()

    assert (waiting.state, waiting.error) == (RunState.QUEUED, "connection reset")
    assert (waiting.reason_code, waiting.tally.read) == ("source_unreachable", 10)
    assert claim.checkpoint == checkpoint(1)
    stores.commit(claim.run, checkpoint(2))
    stores.runs.finish(claim.run.id, claim.run.token, DONE, LATER)
    assert stores.again(first).tally == checkpoint(2).tally
    assert stores.again(first).error is None


def test_a_released_run_has_not_used_up_an_attempt(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    stores.runs.release(run.id, run.token)

    assert stores.claim().run.attempt == 1


def test_failures_are_counted_from_the_last_batch_that_was_loaded(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run
    counted = []
    for batch in (None, None, 1, None, None, 2):
        if batch is not None:
            stores.commit(run, checkpoint(batch))
        counted.append(stores.runs.count_failure(run.id, run.token))
        stores.runs.requeue(run.id, run.token, AT_ONCE, error=SourceUnreachableError("gone"))
        run = stores.claim().run

    assert counted == [1, 2, 1, 2, 3, 1]


def test_a_dead_executor_is_no_failure(stores: Stores) -> None:
    stores.queue(stores.definition())
    for _ in range(5):
        stores.claim()
        assert stores.runs.requeue_owned("me") == 1
    run = stores.claim().run

    assert run.attempt == 6
    assert stores.runs.count_failure(run.id, run.token) == 1


@pytest.mark.postgres
def test_a_machine_whose_clock_is_wrong_takes_nobodys_run(postgres_engine: Engine) -> None:
    right, ahead = Stores(postgres_engine), Stores(postgres_engine)
    ahead.clock.move(3600)
    run = ahead.queue(ahead.definition())

    claimed = right.claim()  # at once, although it was queued in an hour

    assert ahead.runs.reap() == 0
    assert right.runs.heartbeat(run.id, claimed.run.token, LEASE) is True
    error = SourceUnreachableError("gone")
    ahead.runs.requeue(run.id, claimed.run.token, AT_ONCE, error=error)
    assert right.claim().run.id == run.id


def test_warnings_are_kept_once_each_and_not_without_end(stores: Stores) -> None:
    stores.queue(stores.definition())
    run = stores.claim().run

    stores.runs.add_warnings(run.id, run.token, ("a", "b"))
    stores.runs.add_warnings(run.id, run.token, ("b", "c"))
    assert stores.again(run).warnings == ("a", "b", "c")

    stores.runs.add_warnings(run.id, run.token, tuple(map(str, range(500))))
    assert len(stores.again(run).warnings) == MAX_WARNINGS


def test_looking_for_work_reads_only_the_index_of_queued_runs(engine: Engine) -> None:
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET enable_seqscan = off"))
        plan = _plan(connection, next_due().params(now=NOW, most=10))

    assert "ix_runs_waiting" in plan
    assert {"uq_runs_held", "ix_runs_held_project"} & set(re.findall(r"\w+", plan))
    assert "SCAN runs\n" not in plan
    assert "SCAN held_of_project\n" not in plan
    assert "Seq Scan" not in plan


def _plan(connection: sa.Connection, query: sa.Select[Any]) -> str:
    text = query.compile(connection, compile_kwargs={"literal_binds": True})
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{word} {text}".replace("%", "%%")).all()
    return "".join(f"{row[-1]}\n" for row in rows)
