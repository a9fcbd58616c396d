from __future__ import annotations

import threading
import time

import pytest

from definitions.batches import Tally
from definitions.errors import PermanentError
from definitions.lifecycle import RunState
from importmgr.executing.pool import ExecutorPool
from tests.acceptance.documents import idle, people
from tests.product import Product, wait_until
from tests.unit.importmgr.executing.conftest import ROWS
from tests.unit.importmgr.executing.test_executor import Scripted, executor_of


def test_as_many_runs_as_the_pool_is_large_are_worked_off_at_once(product: Product) -> None:
    both = threading.Barrier(2, timeout=10)
    for _ in range(2):
        product.start(product.create(idle(people())))

    def meet(*_: object) -> None:
        both.wait()

    pool = ExecutorPool(executor_of(product, Scripted(meet, meet)), 2)

    pool.start()
    wait_until(lambda: product.wiring.stores.runs.counts() == {})

    assert pool.stop(10)


def test_several_executors_share_runs_of_several_imports_without_doubling(
    in_batches: Product, people_url: str
) -> None:
    imports = [in_batches.create(people(people_url)) for _ in range(4)]
    pool = ExecutorPool(in_batches.wiring.executor("test"), 3)

    pool.start()
    wait_until(
        lambda: all(in_batches.run(one).state is RunState.COMPLETED for one in imports), within=60
    )
    assert pool.stop(10)

    tallies = [in_batches.run(one).tally for one in imports]
    assert sum(tallies, Tally()).read == 4 * ROWS
    assert sum(tallies, Tally()).created == ROWS == in_batches.customers()
    assert [in_batches.run(one).attempt for one in imports] == [1] * 4


def test_a_pool_waits_no_longer_than_told_for_all_of_its_threads(product: Product) -> None:
    release, ended = threading.Event(), list[bool]()
    started = threading.Semaphore(0)
    for _ in range(2):
        product.start(product.create(idle(people())))

    def linger(*_: object) -> None:
        started.release()
        release.wait(60)
        ended.append(True)

    pool = ExecutorPool(executor_of(product, Scripted(linger, linger)), 2)
    pool.start()
    for _ in range(2):
        assert started.acquire(timeout=10)

    in_time = pool.stop(0.2)
    linger_on = not ended
    release.set()

    assert not in_time
    assert linger_on
    assert pool.stop(10)


def test_one_slow_run_may_use_all_the_time_there_is(product: Product) -> None:
    product.start(product.create(idle(people())))
    started = threading.Event()

    def linger(*_: object) -> None:
        started.set()
        time.sleep(0.5)

    pool = ExecutorPool(executor_of(product, Scripted(linger)), 20)
    pool.start()
    assert started.wait(10)

    assert pool.stop(8)  # a twentieth of it would not be enough


def test_idle_executors_begin_at_once_however_seldom_they_look(product: Product) -> None:
    sleepy = product.beside(poll_seconds=600)
    both = threading.Barrier(2, timeout=10)
    imports = [sleepy.create(idle(people())) for _ in range(2)]

    def meet(*_: object) -> None:
        both.wait()

    pool, listener = ExecutorPool(executor_of(sleepy, Scripted(meet, meet)), 2), None
    if not sleepy.wiring.settings.embedded:
        listener = sleepy.wiring.listener()
        listener.start()
    pool.start()
    time.sleep(0.3)
    for import_id in imports:
        sleepy.start(import_id)

    wait_until(lambda: sleepy.wiring.stores.runs.counts() == {})
    assert pool.stop(10)
    if listener is not None:
        listener.stop(within=10)
    sleepy.close()


def test_a_pool_of_none_does_nothing(product: Product) -> None:
    pool = ExecutorPool(product.wiring.executor("test"), 0)
    pool.start()

    assert pool.stop(0)


def test_a_pool_is_well_while_each_executor_is_there(product: Product) -> None:
    pool = ExecutorPool(product.wiring.executor("test"), 2)
    with pytest.raises(PermanentError, match="2 of 2 executors have ended; restart the service"):
        pool.check()

    pool.start()
    pool.check()
    assert pool.stop(10)

    with pytest.raises(PermanentError, match="2 of 2"):
        pool.check()
