from __future__ import annotations

import threading

import pytest

from definitions.errors import LostLeaseError, ShutdownError
from importmgr.executing.control import Control
from tests.acceptance.documents import idle, people
from tests.product import Product, wait_until
from tests.stores import LEASE, ORIGIN
from tests.unit.importmgr.executing.test_lease import hold, is_lost


def test_a_run_goes_on_until_the_service_stops_or_the_run_is_lost(product: Product) -> None:
    import_id = product.create(idle(people()))
    product.start(import_id)
    claim = product.wiring.stores.runs.claim("me", LEASE)
    assert claim is not None
    lease = hold(product, claim)
    control = Control(lease=lease, stop=threading.Event())

    with lease:
        control.raise_if_asked()
        control.stop.set()
        with pytest.raises(ShutdownError, match="the service is stopping"):
            control.raise_if_asked()
        product.services.definitions.delete(product.project, import_id, ORIGIN)
        wait_until(lambda: is_lost(lease))
        with pytest.raises(LostLeaseError):  # nothing is to be handed back any more
            control.raise_if_asked()
