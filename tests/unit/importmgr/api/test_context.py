from __future__ import annotations

from importmgr.api.context import carry, services
from importmgr.app import create_app
from tests.product import Product
from tests.unit.importmgr.api.conftest import Beside


def test_an_application_answers_with_its_own_services(
    small_product: Product, small_beside: Beside
) -> None:
    app = create_app(small_product.services)
    other = create_app(small_beside().services)

    with app.app_context():
        assert services() is small_product.services
    with other.app_context():
        assert services() is not small_product.services


def test_what_is_carried_is_found(small_product: Product, small_beside: Beside) -> None:
    app = create_app(small_product.services)
    replaced = small_beside().services

    carry(app, replaced)

    with app.app_context():
        assert services() is replaced
