from __future__ import annotations

import pytest

from importmgr.services.pinging import RETRY, Pinging, pinging_of
from tests.acceptance.documents import PEOPLE, idle, people
from tests.file_server import FileServer
from tests.product import Product
from tests.receivers import one_time


@pytest.fixture
def pinging(small_product: Product, monkeypatch: pytest.MonkeyPatch) -> Pinging:
    one_time(monkeypatch, "promises", "pings", "notices")
    wiring = small_product.wiring
    return pinging_of(wiring.settings, wiring.stores.pings, wiring.world)


def good_run(product: Product, file_server: FileServer, ping_url: str) -> None:
    freshness = {"every": "26h", "ping_url": ping_url}
    document = idle(people(file_server.put("/people.csv", PEOPLE)))
    import_id = product.create({**document, "freshness": freshness})
    product.start(import_id)
    product.settle(import_id)


def test_an_address_is_asked_for_once_after_a_good_run(
    small_product: Product, file_server: FileServer, pinging: Pinging
) -> None:
    good_run(small_product, file_server, file_server.put("/ping", "ok"))

    assert [pinging.deliver_one() for _ in range(2)] == [True, False]
    assert file_server.count("/ping").gets == 1


def test_a_ping_that_is_not_heard_is_made_again_until_it_is_given_up(
    small_product: Product, file_server: FileServer, pinging: Pinging
) -> None:
    good_run(small_product, file_server, file_server.url("/nobody"))

    tries = 0
    while pinging.deliver_one():
        tries += 1
        assert not pinging.deliver_one()
        small_product.clock.move(RETRY.max_delay.total_seconds())

    assert tries == RETRY.max_attempts


def test_a_ping_does_not_lead_inside(
    small_product: Product, file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_time(monkeypatch, "promises", "pings", "notices")
    good_run(small_product, file_server, file_server.put("/ping", "ok"))
    closed = small_product.beside(allow_private_sources=False)
    wiring = closed.wiring

    assert pinging_of(wiring.settings, wiring.stores.pings, wiring.world).deliver_one()

    assert file_server.count("/ping").gets == 0
    closed.close()
