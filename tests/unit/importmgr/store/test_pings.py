"""Pings, from the end of a good run to an address outside that is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.lifecycle import RunState
from importmgr.store.pings import PingStore
from tests.acceptance.documents import PEOPLE, idle, people
from tests.file_server import FileServer
from tests.product import Product
from tests.receivers import one_time

LEASE = timedelta(minutes=1)
URL = "https://watch.example.test/ping/5f3c"


@pytest.fixture
def pings(product: Product, monkeypatch: pytest.MonkeyPatch) -> PingStore:
    one_time(monkeypatch, "promises", "pings", "notices")
    return product.wiring.stores.pings


def good_run(product: Product, url: str, min_rows: int = 2) -> str:
    """Let a run of two people end, and return its definition."""
    freshness = {"every": "26h", "min_rows": min_rows, "ping_url": URL}
    import_id = product.create({**idle(people(url)), "freshness": freshness})
    product.start(import_id)
    assert product.settle(import_id).state is RunState.COMPLETED
    return import_id


def test_a_good_run_owes_one_ping_and_one_caller_makes_it(
    product: Product, pings: PingStore, file_server: FileServer
) -> None:
    import_id = good_run(product, file_server.put("/people.csv", PEOPLE))

    taken = [pings.claim(LEASE) for _ in range(2)]

    first = taken[0]
    assert first is not None
    assert (first.definition_id, first.url, first.attempt) == (import_id, URL, 1)
    assert taken[1] is None
    pings.settle(first, timedelta(seconds=30))
    assert pings.claim(LEASE) is None
    product.clock.move(30)
    again = pings.claim(LEASE)
    assert again is not None
    assert again.attempt == 2
    pings.settle(again, None)
    product.clock.move(3600)
    assert pings.claim(LEASE) is None


def test_a_ping_of_whoever_died_is_made_by_another(
    product: Product, pings: PingStore, file_server: FileServer
) -> None:
    good_run(product, file_server.put("/people.csv", PEOPLE))
    pings.claim(LEASE)

    product.clock.move(60)

    assert pings.claim(LEASE) is not None


def test_a_newer_run_owes_a_ping_of_its_own(
    product: Product, pings: PingStore, file_server: FileServer
) -> None:
    import_id = good_run(product, file_server.put("/people.csv", PEOPLE))
    old = pings.claim(LEASE)
    assert old is not None
    product.start(import_id)
    product.settle(import_id)

    pings.settle(old, None)

    assert pings.claim(LEASE) is not None


def test_a_run_that_keeps_no_promise_owes_none(
    product: Product, pings: PingStore, file_server: FileServer
) -> None:
    good_run(product, file_server.put("/people.csv", PEOPLE), min_rows=3)

    assert pings.claim(LEASE) is None
