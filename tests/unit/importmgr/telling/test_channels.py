from __future__ import annotations

from definitions.delivery import ReceiverKind
from definitions.schema.receiver import SCHEMAS
from tests.product import Product


def test_every_kind_that_documents_can_have_has_a_channel(small_product: Product) -> None:
    assert set(small_product.wiring.channels) == set(SCHEMAS) <= set(ReceiverKind)
