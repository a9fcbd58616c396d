"""Receivers of one kind: what is kept, what is shown, how they are tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import ConflictError, InvalidError, LimitError, NotFoundError
from importmgr.services.receivers import Receivers
from importmgr.store.tables import receivers as table
from importmgr.store.transactions import reading
from tests.api_server import ApiServer
from tests.product import Product


@pytest.fixture
def webhooks(product: Product) -> Receivers:
    return product.services.receivers["webhook"]


def test_a_secret_is_shown_once_and_encrypted_at_rest(
    product: Product, webhooks: Receivers
) -> None:
    made = webhooks.create(product.project, {"url": "https://hooks.example.test"})

    with reading(product.wiring.engine) as transaction:
        stored = repr(transaction.execute(table.select()).all())
    shown = webhooks.read(product.project, made.receiver_id)

    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    assert made.secret not in stored
    assert made.secret not in repr(shown)
    assert webhooks.list(product.project, 10, 0).items == (shown,)


def test_a_secret_survives_a_rotation_of_the_master_key(
    product: Product, webhooks: Receivers, api_server: ApiServer
) -> None:
    api_server.answer("")
    made = webhooks.create(product.project, {"url": api_server.url})
    webhooks.rotate_secret(product.project, made.receiver_id)

    assert product.services.secrets.rotate() == 2

    again = product.beside()
    assert again.services.receivers["webhook"].test(product.project, made.receiver_id).error is None
    assert len(api_server.seen[0].headers["webhook-signature"].split(" ")) == 2
    again.close()


def test_a_rotated_secret_overlaps_for_a_day(product: Product, webhooks: Receivers) -> None:
    made = webhooks.create(product.project, {"url": "https://hooks.example.test"})

    new = webhooks.rotate_secret(product.project, made.receiver_id)

    assert new.secret != made.secret
    assert new.previous_until == product.clock.now() + timedelta(days=1)


def test_every_secret_signs_to_the_end_of_its_own_day(
    product: Product, webhooks: Receivers, api_server: ApiServer
) -> None:
    api_server.answer("")
    made = webhooks.create(product.project, {"url": api_server.url})
    for hours in (0, 10, 10):
        product.clock.move(3600 * hours)
        webhooks.rotate_secret(product.project, made.receiver_id)

    signatures = []
    for hours in (0, 4, 10, 10):  # 20, 24, 34 and 44 hours after the first rotation
        product.clock.move(3600 * hours)
        webhooks.test(product.project, made.receiver_id)
        signatures.append(len(api_server.seen[-1].headers["webhook-signature"].split(" ")))

    assert signatures == [4, 3, 2, 1]


def test_more_secrets_than_a_header_holds_are_refused(
    product: Product, webhooks: Receivers
) -> None:
    made = webhooks.create(product.project, {"url": "https://a.example.test"})
    for _ in range(9):
        webhooks.rotate_secret(product.project, made.receiver_id)

    with pytest.raises(LimitError, match=r"10 secrets sign for webhook .*: wait until 20"):
        webhooks.rotate_secret(product.project, made.receiver_id)


def test_a_document_is_replaced_as_a_whole(product: Product, webhooks: Receivers) -> None:
    made = webhooks.create(product.project, {"url": "https://a.example.test", "name": "A"})

    webhooks.update(product.project, made.receiver_id, {"url": "https://b.example.test"})

    shown = webhooks.read(product.project, made.receiver_id).document
    assert (shown["url"], shown["name"]) == ("https://b.example.test", "")
    with pytest.raises(InvalidError):
        webhooks.update(product.project, made.receiver_id, {})


def test_a_test_is_sent_at_once_and_told(
    product: Product, webhooks: Receivers, api_server: ApiServer
) -> None:
    api_server.refuse(500, "broken")
    made = webhooks.create(product.project, {"url": api_server.url})

    found = webhooks.test(product.project, made.receiver_id)

    assert found.status == 500
    assert api_server.seen[0].body["type"] == "test"
    assert webhooks.read(product.project, made.receiver_id).record.failures == 0


def test_what_is_not_there_is_told(product: Product, webhooks: Receivers) -> None:
    made = webhooks.create(product.project, {"url": "https://hooks.example.test"})
    other = product.services.projects.create("Other")

    for call in (
        lambda: webhooks.read(other, made.receiver_id),
        lambda: webhooks.update(other, made.receiver_id, {}),
        lambda: webhooks.delete(other, made.receiver_id),
        lambda: webhooks.rotate_secret(other, made.receiver_id),
        lambda: webhooks.test(other, made.receiver_id),
        lambda: webhooks.deliveries(other, made.receiver_id, None, (10, 0)),
        lambda: webhooks.redeliver(other, made.receiver_id, "msg_1"),
    ):
        with pytest.raises(NotFoundError, match="there is no webhook"):
            call()
    with pytest.raises(NotFoundError, match="nothing of the id 'msg_1' was sent to webhook"):
        webhooks.redeliver(product.project, made.receiver_id, "msg_1")
    webhooks.delete(product.project, made.receiver_id)


def test_nothing_is_sent_once_more_to_one_that_is_inactive(
    product: Product, webhooks: Receivers
) -> None:
    made = webhooks.create(product.project, {"url": "https://a.example.test", "active": False})

    with pytest.raises(ConflictError, match="is not active: set active to true first"):
        webhooks.redeliver(product.project, made.receiver_id, "msg_1")
