"""Keys at the door: who gets in, who does not, and who is told what."""

from __future__ import annotations

import pytest

from definitions.errors import ForbiddenError, LimitError, UnauthenticatedError
from importmgr.services.access import Principal
from importmgr.services.keys import OVERLAP, NewKey
from tests.product import Product

ADDRESS = "192.0.2.1"
DAY = OVERLAP.total_seconds()


@pytest.fixture
def key(product: Product) -> NewKey:
    return product.services.keys.create(product.project.token, "crm", ["imports.read"])


def enter(product: Product, key_id: str, secret: str, address: str = ADDRESS) -> Principal:
    return product.services.access.authenticate(key_id, secret, address)


def refusal(product: Product, key_id: str, secret: str, address: str = ADDRESS) -> str:
    with pytest.raises(UnauthenticatedError) as caught:
        enter(product, key_id, secret, address)
    return str(caught.value)


def test_a_key_names_its_project_and_what_it_may_do(product: Product, key: NewKey) -> None:
    principal = enter(product, key.key_id, key.secret)

    assert principal == Principal(
        project=product.project, key_id=key.key_id, permissions=frozenset({"imports.read"})
    )


def test_unknown_revoked_and_wrong_keys_are_told_the_same(product: Product, key: NewKey) -> None:
    wrong = refusal(product, key.key_id, key.secret + "x")
    unknown = refusal(product, "f" * 24, key.secret)
    strange = refusal(product, "a\0b", "")
    product.services.keys.revoke(key.key_id)
    revoked = refusal(product, key.key_id, key.secret)

    assert {unknown, strange, revoked} == {wrong}
    assert key.secret not in wrong


def test_a_rotated_secret_is_good_for_24_hours_more(product: Product, key: NewKey) -> None:
    new = product.services.keys.rotate(key.key_id)
    product.clock.move(DAY - 1)

    assert enter(product, key.key_id, key.secret) == enter(product, new.key_id, new.secret)

    product.clock.move(1)
    refusal(product, key.key_id, key.secret)
    assert enter(product, new.key_id, new.secret).key_id == key.key_id


def test_a_second_rotation_ends_the_first_secret_at_once(product: Product, key: NewKey) -> None:
    product.services.keys.rotate(key.key_id)
    product.services.keys.rotate(key.key_id)

    refusal(product, key.key_id, key.secret)


def test_revoking_ends_the_rotated_secret_too(product: Product, key: NewKey) -> None:
    new = product.services.keys.rotate(key.key_id)
    product.services.keys.revoke(key.key_id)

    refusal(product, key.key_id, key.secret)
    refusal(product, key.key_id, new.secret)


def test_an_address_that_fails_too_often_must_wait_even_with_the_right_secret(
    product: Product, key: NewKey
) -> None:
    for _ in range(product.wiring.settings.failed_logins_per_minute):
        refusal(product, key.key_id, "guess")

    with pytest.raises(LimitError, match="too many failed logins") as caught:
        enter(product, key.key_id, "guess")

    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 60
    with pytest.raises(UnauthenticatedError):
        enter(product, key.key_id, "guess", "192.0.2.2")


def test_a_good_key_passes_from_an_address_with_too_many_failures(
    product: Product, key: NewKey
) -> None:
    for _ in range(product.wiring.settings.failed_logins_per_minute):
        refusal(product, key.key_id, "guess")

    assert enter(product, key.key_id, key.secret).key_id == key.key_id


def test_a_blocked_address_may_try_again_after_a_minute(small_product: Product) -> None:
    key = small_product.services.keys.create(small_product.project.token, "crm", ["imports.read"])
    for _ in range(small_product.wiring.settings.failed_logins_per_minute):
        refusal(small_product, key.key_id, "guess")
    small_product.clock.move(60)

    refusal(small_product, key.key_id, "guess")  # refused as a wrong secret, not for the number


def test_logins_that_succeed_are_not_counted(product: Product, key: NewKey) -> None:
    for _ in range(product.wiring.settings.failed_logins_per_minute + 1):
        enter(product, key.key_id, key.secret)


def test_a_key_opens_its_own_project_with_its_own_permissions(
    product: Product, key: NewKey
) -> None:
    principal = enter(product, key.key_id, key.secret)
    access = product.services.access

    project = access.authorize(principal, product.project.token, "imports.read")

    assert project == product.project
    with pytest.raises(ForbiddenError, match=r"lacks the permission 'imports\.create'"):
        access.authorize(principal, product.project.token, "imports.create")


@pytest.mark.parametrize("exists", [True, False])
def test_a_foreign_project_is_refused_whether_it_exists_or_not(
    product: Product, key: NewKey, *, exists: bool
) -> None:
    other = product.services.projects.create("Other").token if exists else "0" * 24
    principal = enter(product, key.key_id, key.secret)

    with pytest.raises(ForbiddenError) as caught:
        product.services.access.authorize(principal, other, "imports.read")

    assert str(caught.value) == f"key {key.key_id!r} does not belong to project {other!r}"
