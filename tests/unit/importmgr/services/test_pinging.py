from __future__ import annotations

import pytest

from definitions.sentences import sentence
from importmgr.services.pinging import RETRY, Pinging, pinging_of, without_path
from tests.acceptance.documents import PEOPLE, idle, people
from tests.file_server import FileServer
from tests.product import Product
from tests.receivers import one_time
from tests.stores import ORIGIN


@pytest.fixture
def pinging(small_product: Product, monkeypatch: pytest.MonkeyPatch) -> Pinging:
    one_time(monkeypatch, "promises", "pings", "notices")
    return pinging_in(small_product)


def pinging_in(product: Product) -> Pinging:
    wiring = product.wiring
    metrics = product.services.metrics
    return pinging_of(wiring.settings, wiring.stores.pings, metrics, wiring.world)


def good_run(product: Product, file_server: FileServer, ping_url: str) -> str:
    """Let a run end of which somebody wants to hear, and return its definition."""
    freshness = {"every": "26h", "ping_url": ping_url}
    document = idle(people(file_server.put("/people.csv", PEOPLE)))
    import_id = product.create({**document, "freshness": freshness})
    product.start(import_id)
    product.settle(import_id)
    return import_id


def test_an_address_is_asked_for_once_after_a_good_run(
    small_product: Product, file_server: FileServer, pinging: Pinging
) -> None:
    good_run(small_product, file_server, file_server.put("/ping", "ok"))

    assert [pinging.deliver_one() for _ in range(2)] == [True, False]
    assert file_server.count("/ping").gets == 1


def test_a_ping_that_is_not_heard_is_made_again_until_it_is_given_up(
    small_product: Product,
    file_server: FileServer,
    pinging: Pinging,
    caplog: pytest.LogCaptureFixture,
) -> None:
    import_id = good_run(small_product, file_server, file_server.url("/tok-5f3c"))

    tries = 0
    while pinging.deliver_one():
        tries += 1
        assert not pinging.deliver_one()
        small_product.clock.move(RETRY.max_delay.total_seconds())

    assert tries == RETRY.max_attempts
    found = small_product.services.schedules.decisions(
        small_product.project, import_id, ORIGIN, (10, 0), None
    )
    last, first = [sentence(each.code, each.facts) for each in found.items]
    host = file_server.url("/")[:-1]
    said = f"{host}/… answers 404, which is no success"
    assert first == f"ping not heard: {said}; tried again in 22 s"
    assert last == f"ping given up after 8 tries: {said}; the next good run pings again"
    shown = small_product.services.metrics.render().decode()
    assert 'importmgr_ping_tries_total{outcome="failed"} 7.0' in shown
    assert 'importmgr_ping_tries_total{outcome="given_up"} 1.0' in shown
    assert "5f3c" not in caplog.text
    assert "answers 404" in caplog.text


def test_no_part_of_an_address_is_told_that_may_be_its_secret() -> None:
    url = "https://u:p@watch.example.test/ping/5f3c?k=1"

    told = without_path("https://watch.example.test/ping/5f3c?… answers 500", url)

    assert told == "https://watch.example.test/… answers 500"
    assert without_path("cannot ask /ping/5f3c", url) == "cannot ask /…"
    assert without_path("a / b", "https://watch.example.test/") == "a / b"


def test_a_ping_does_not_lead_inside(
    small_product: Product, file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_time(monkeypatch, "promises", "pings", "notices")
    good_run(small_product, file_server, file_server.put("/ping", "ok"))
    closed = small_product.beside(allow_private_sources=False)

    assert pinging_in(closed).deliver_one()

    assert file_server.count("/ping").gets == 0
    closed.close()
