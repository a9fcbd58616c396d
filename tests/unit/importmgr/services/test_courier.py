"""The courier, from the end of a run to a receiver that verifies what it gets."""

from __future__ import annotations

import json

import pytest
from standardwebhooks import Webhook

from definitions.delivery import DeliveryState
from importmgr.services.courier import WAITS_PER_TRY, Courier
from importmgr.services.receivers import NewSecret
from importmgr.store.deliveries import StoredDelivery
from importmgr.telling.webhook import WebhookChannel
from tests.acceptance.documents import PEOPLE, idle, people
from tests.api_server import ApiServer
from tests.file_server import FileServer
from tests.product import Product
from tests.receivers import one_time


@pytest.fixture(autouse=True)
def _one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    one_time(monkeypatch)


@pytest.fixture
def courier(product: Product) -> Courier:
    return product.wiring.courier()


def hook(product: Product, url: str, **document: object) -> NewSecret:
    return product.services.receivers["webhook"].create(product.project, {"url": url, **document})


def ended(product: Product, url: str) -> str:
    """Let a run of people from `url` end, and return its definition."""
    import_id = product.create(idle(people(url)))
    product.start(import_id)
    product.settle(import_id)
    return import_id


def log(product: Product, to: NewSecret) -> tuple[StoredDelivery, ...]:
    webhooks = product.services.receivers["webhook"]
    return webhooks.deliveries(product.project, to.receiver_id, None, (10, 0)).items


def test_the_end_of_a_run_reaches_its_receivers(
    product: Product, courier: Courier, api_server: ApiServer, file_server: FileServer
) -> None:
    api_server.answer("thanks")
    to = hook(product, api_server.url)
    import_id = ended(product, file_server.put("/people.csv", PEOPLE))

    assert courier.deliver_one()
    assert not courier.deliver_one()

    (seen,) = api_server.seen
    said = seen.body
    assert said["type"] == "run.completed"
    assert said["data"]["import_id"] == import_id
    assert said["data"]["run"]["rows"]["created"] == 2
    signed = dict(seen.headers.items())
    now = int(product.clock.now().timestamp())
    assert signed["webhook-timestamp"] == str(now)
    expected = Webhook(to.secret or "").sign(
        signed["webhook-id"], product.clock.now().replace(tzinfo=None), seen.raw.decode()
    )
    assert signed["webhook-signature"] == expected
    (delivery,) = log(product, to)
    assert (delivery.state, delivery.notice_id) == (DeliveryState.DELIVERED, signed["webhook-id"])
    assert delivery.tries[0]["answer"] == "thanks"


def test_what_fails_is_tried_again_under_the_same_id(
    product: Product, courier: Courier, api_server: ApiServer, file_server: FileServer
) -> None:
    for status in (500, 302, 200):
        api_server.answer("", status)
    to = hook(product, api_server.url)
    ended(product, file_server.put("/people.csv", PEOPLE))

    for wait in (0, 10, 400):
        product.clock.move(wait)
        assert courier.deliver_one()
        assert not courier.deliver_one()

    (delivery,) = log(product, to)
    assert [one["status"] for one in delivery.tries] == [500, 302, 200]
    assert delivery.state is DeliveryState.DELIVERED
    assert len({seen.headers["webhook-id"] for seen in api_server.seen}) == 1
    assert len({seen.headers["webhook-timestamp"] for seen in api_server.seen}) == 3
    tries = product.services.metrics.render().decode()
    assert 'importmgr_delivery_tries_total{kind="webhook",outcome="failed"} 2.0' in tries


def test_one_that_is_gone_is_disabled_with_the_reason(
    product: Product, courier: Courier, api_server: ApiServer, file_server: FileServer
) -> None:
    api_server.answer("", 410)
    to = hook(product, api_server.url)
    ended(product, file_server.put("/people.csv", PEOPLE))

    courier.deliver_one()

    shown = product.services.receivers["webhook"].read(product.project, to.receiver_id)
    assert not shown.active
    assert "410" in (shown.disabled or "")
    product.services.receivers["webhook"].update(
        product.project, to.receiver_id, {**shown.document, "active": True}
    )
    again = product.services.receivers["webhook"].read(product.project, to.receiver_id)
    assert (again.active, again.disabled) == (True, None)


def test_a_run_that_fails_is_told_with_the_cause(
    small_product: Product, api_server: ApiServer, file_server: FileServer
) -> None:
    api_server.answer("")
    hook(small_product, api_server.url, events=["run.failed"])
    ended(small_product, file_server.url("/none.csv"))

    small_product.wiring.courier().deliver_one()

    data = json.loads(api_server.seen[0].raw)["data"]
    assert "answers 404" in data["summary"]
    assert "correct the address" in data["remedy"]


def test_a_courier_that_dies_keeps_others_from_its_receiver_for_a_while(
    product: Product,
    api_server: ApiServer,
    file_server: FileServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = product.beside(webhook_timeout_seconds=2)
    api_server.answer("")
    hook(quick, api_server.url)
    ended(quick, file_server.put("/people.csv", PEOPLE))

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(WebhookChannel, "send", die)
        with pytest.raises(SystemExit):
            quick.wiring.courier().deliver_one()
    quick.clock.move(2 * WAITS_PER_TRY - 1)
    too_soon = quick.wiring.courier().deliver_one()
    quick.clock.move(1)

    assert not too_soon
    assert quick.wiring.courier().deliver_one()
    quick.close()
