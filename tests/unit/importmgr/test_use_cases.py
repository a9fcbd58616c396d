"""The use cases of one process share what they are made of."""

from __future__ import annotations

from dataclasses import fields

from importmgr.services import Services
from tests.product import Product


def test_there_is_one_of_each_use_case(small_product: Product) -> None:
    services = small_product.wiring.services

    assert all(getattr(services, each.name) is not None for each in fields(Services))


def test_they_are_made_of_the_parts_of_the_process(small_product: Product) -> None:
    wiring = small_product.wiring
    services = wiring.services

    assert services.settings is wiring.settings
    assert services.clock is wiring.world.clock
    assert set(services.receivers) == set(wiring.channels)
