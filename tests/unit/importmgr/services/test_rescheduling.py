"""The future is computed anew when the rules have changed, and only then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from importmgr.services.timing import NO_SCHEDULE, UNREADABLE
from importmgr.store.tables import definitions
from tests.acceptance.documents import DAILY, changed, idle, people
from tests.product import Product
from tests.stores import NOW
from tests.unit.importmgr.services.test_firing import DAY, FIRST, move, nightly, row, tick, told

pytestmark = pytest.mark.usefixtures("one_clock")

HOUR = timedelta(hours=1)


def rewrite(product: Product, **values: Any) -> None:  # noqa: ANN401 - of any column
    """Write something into every definition."""
    with product.wiring.engine.begin() as connection:
        connection.execute(sa.update(definitions).values(values))


def again(product: Product) -> int:
    """Do what a service does when it starts."""
    return product.wiring.rescheduling().bring_up_to_date()


def test_nothing_is_done_when_nothing_has_changed(product: Product) -> None:
    nightly(product)
    product.create(idle(people()))
    product.create({**changed(people(), "trigger", DAILY), "active": False})

    assert again(product) == 0


def test_an_instant_of_other_rules_is_computed_anew(product: Product) -> None:
    import_id = nightly(product)
    rewrite(product, schedule_stamp="1-of older rules", next_fire_at=FIRST + HOUR)

    assert again(product) == 1
    assert again(product) == 0

    assert row(product, import_id).next_fire_at == FIRST
    assert told(product, import_id) == ["recomputed"]


def test_what_was_missed_before_stays_due(product: Product) -> None:
    import_id = nightly(product)
    rewrite(product, schedule_stamp="1-of older rules")
    product.clock.at = FIRST + DAY

    again(product)
    tick(product, FIRST + DAY)

    assert told(product, import_id) == ["missed", "fired"]


def test_more_than_fit_into_a_transaction_are_all_computed(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importmgr.services.rescheduling.AT_ONCE", 2)
    made = [nightly(product) for _ in range(5)]
    rewrite(product, schedule_stamp="old", next_fire_at=None)

    assert again(product) == 5
    assert {row(product, import_id).next_fire_at for import_id in made} == {FIRST}


def test_definitions_of_a_release_without_schedules_fire_from_now_on(product: Product) -> None:
    import_id, at_once = nightly(product), product.create(people())
    rewrite(product, schedule_stamp=None, next_fire_at=None, decided_until=None, timezone=None)
    product.clock.at = FIRST + 3 * DAY

    assert again(product) == 2

    assert row(product, import_id).next_fire_at == FIRST + 4 * DAY
    assert told(product, import_id) == ["activated"]
    assert (row(product, at_once).schedule_stamp, told(product, at_once)) == (NO_SCHEDULE, [])


def test_a_zone_that_is_gone_stops_a_definition_until_it_is_there_again(product: Product) -> None:
    import_id = nightly(product)
    move(product, import_id, "Mars/Base")
    rewrite(product, timezone="Mars/Base", schedule_stamp="1-of Mars")

    again(product)
    assert (row(product, import_id).next_fire_at, row(product, import_id).schedule_stamp) == (
        None,
        UNREADABLE,
    )
    again(product)
    move(product, import_id, "Europe/Prague")
    product.clock.at = NOW
    again(product)

    assert row(product, import_id).next_fire_at == FIRST
    assert told(product, import_id) == ["schedule_unreadable", "activated"]
