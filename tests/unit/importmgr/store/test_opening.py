from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from importmgr.store.opening import open_stores
from tests.clocks import HandClock
from tests.stores import NOW


def test_all_stores_are_of_one_database(engine: Engine) -> None:
    stores = open_stores(engine, HandClock(NOW), timedelta(seconds=7))

    project = stores.projects.add("shop", "Shop", NOW)

    assert stores.definitions.list(project.id, "bloomreach", 1, 0) == ([], 0)
    assert stores.watches.every == timedelta(seconds=7)
