"""Deliveries: one sender for a receiver, whatever its number; nothing is lost with a sender."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from definitions.delivery import DeliveryState, Record, Try, settle
from definitions.notices import Notice
from importmgr.store import deliveries as module
from importmgr.store.deliveries import DeliveryStore, Errand
from importmgr.store.notices import Origin, queue_notice
from importmgr.store.receivers import ReceiverStore, StoredReceiver
from importmgr.store.transactions import writing
from tests.receivers import one_time, receiver
from tests.stores import NOW, Stores

LEASE = timedelta(minutes=1)
WEBHOOK = "webhook"


@pytest.fixture(autouse=True)
def _one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    one_time(monkeypatch)


@pytest.fixture
def deliveries(stores: Stores) -> DeliveryStore:
    return DeliveryStore(stores.engine, stores.clock)


def told(stores: Stores, count: int = 1, receivers: int = 1) -> list[StoredReceiver]:
    """Queue so many notices for so many receivers of a new project, and return these."""
    project = stores.project()
    made = [receiver(project) for _ in range(receivers)]
    for each in made:
        ReceiverStore(stores.engine).add(each)
    with writing(stores.engine) as transaction:
        for n in range(count):
            notice = Notice(id=f"msg_{n}", type="run.failed", at=NOW, data={"n": n})
            queue_notice(transaction, Origin(project_id=project.id, definition_id="d"), notice)
    return made


def settled(deliveries: DeliveryStore, errand: Errand, made: Try) -> bool:
    record = errand.receiver.record
    return deliveries.settle(errand, made, settle(errand.attempt, made, record, 0.0))


def claimed(deliveries: DeliveryStore) -> Errand:
    errand = deliveries.claim(LEASE)
    assert errand is not None
    return errand


def good(stores: Stores) -> Try:
    return Try(at=stores.clock.now(), milliseconds=5.0, status=200)


def bad(stores: Stores, *, gone: bool = False) -> Try:
    at = stores.clock.now()
    return Try(at=at, milliseconds=5.0, status=500, error="answers 500", gone=gone)


def test_a_delivery_is_claimed_in_turn_and_settled(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    (to,) = told(stores, count=2)

    first = claimed(deliveries)
    busy = deliveries.claim(LEASE)
    assert settled(deliveries, first, good(stores))
    second = claimed(deliveries)

    assert (first.notice_id, first.attempt, first.receiver.id) == ("msg_0", 1, to.id)
    assert busy is None
    assert second.notice_id == "msg_1"
    found, total = deliveries.list(to.id, DeliveryState.DELIVERED, 10, 0)
    assert total == 1
    assert [(one["status"], one["error"]) for one in found[0].tries] == [(200, None)]
    assert deliveries.pending() == 1


def test_what_a_dead_sender_had_claimed_is_sent_again_and_the_dead_one_writes_nothing(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    told(stores)
    dead = claimed(deliveries)
    stores.clock.move(61)

    again = claimed(deliveries)

    assert again.notice_id == dead.notice_id
    assert not settled(deliveries, dead, bad(stores))
    assert settled(deliveries, again, good(stores))


def test_a_failed_delivery_is_due_again_later_and_others_go_on(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    slow, quick = told(stores, receivers=2)
    first = claimed(deliveries)
    settled(deliveries, first, bad(stores))
    second = claimed(deliveries)
    settled(deliveries, second, good(stores))

    assert {first.receiver.id, second.receiver.id} == {slow.id, quick.id}
    assert deliveries.claim(LEASE) is None
    stores.clock.move(5)
    again = claimed(deliveries)
    assert (again.number, again.attempt) == (first.number, 2)
    assert again.receiver.record == Record(failures=1, failing_since=NOW)


def test_a_thousand_notices_are_no_thousand_tries(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    told(stores, count=5)

    settled(deliveries, claimed(deliveries), bad(stores))

    assert deliveries.claim(LEASE) is None
    stores.clock.move(5)
    assert deliveries.claim(LEASE) is not None


def test_one_that_is_gone_is_disabled_and_all_that_waits_for_it_given_up(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    (to,) = told(stores, count=3)

    settled(deliveries, claimed(deliveries), bad(stores, gone=True))

    found = ReceiverStore(stores.engine).get(to.project_id, WEBHOOK, to.id)
    assert found is not None
    assert (found.active, found.disabled) == (False, "it answered 410 Gone: it wants nothing more")
    assert deliveries.list(to.id, DeliveryState.FAILED, 10, 0)[1] == 3
    assert deliveries.pending() == 0


def test_what_is_sent_once_more_keeps_its_id_and_its_story(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    (to,) = told(stores)
    settled(deliveries, claimed(deliveries), good(stores))

    assert deliveries.redeliver(to.id, "msg_0")
    assert not deliveries.redeliver(to.id, "msg_9")

    again = claimed(deliveries)
    settled(deliveries, again, good(stores))
    assert (again.notice_id, again.attempt) == ("msg_0", 1)
    assert len(deliveries.list(to.id, None, 10, 0)[0][0].tries) == 2


def test_only_the_last_tries_are_remembered(
    stores: Stores, deliveries: DeliveryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_TRIES", 2)
    (to,) = told(stores)
    for _ in range(3):
        settled(deliveries, claimed(deliveries), good(stores))
        deliveries.redeliver(to.id, "msg_0")

    assert len(deliveries.list(to.id, None, 10, 0)[0][0].tries) == 2


def test_old_deliveries_are_forgotten_unless_they_wait(
    stores: Stores, deliveries: DeliveryStore
) -> None:
    (to,) = told(stores, count=2)
    settled(deliveries, claimed(deliveries), good(stores))

    assert deliveries.prune(NOW) == 0
    assert deliveries.prune(NOW + timedelta(days=1)) == 1
    assert deliveries.prune(NOW + timedelta(days=1)) == 0
    assert deliveries.list(to.id, None, 10, 0)[1] == 1


@pytest.mark.postgres
def test_of_many_senders_one_gets_each_receiver(postgres_engine: Engine) -> None:
    stores = Stores(postgres_engine)
    told(stores, count=3, receivers=4)
    deliveries = DeliveryStore(stores.engine, stores.clock)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: deliveries.claim(LEASE), range(8)))

    to = [errand.receiver.id for errand in found if errand is not None]
    assert 1 <= len(to) <= 4
    assert len(to) == len(set(to))
