from __future__ import annotations

from importmgr.telling.registry import CHANNELS
from tests.product import Product


def test_every_channel_of_the_table_is_opened(small_product: Product) -> None:
    assert set(small_product.wiring.channels) == set(CHANNELS)
