"""The future is computed anew when the rules have changed, and only then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
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


@pytest.mark.postgres
def test_what_somebody_else_held_is_computed_once_it_is_let_go_of(
    postgres_url: str, tmp_path: Path
) -> None:
    product = Product(postgres_url, tmp_path / "var")
    made = [nightly(product) for _ in range(3)]
    rewrite(product, schedule_stamp="1-of older rules", next_fire_at=FIRST + HOUR)
    rescheduling = product.wiring.rescheduling()
    mine = definitions.c.id == made[1]

    with product.wiring.engine.begin() as other:
        other.execute(sa.select(definitions.c.id).where(mine).with_for_update())
        counts = [rescheduling.bring_up_to_date(), rescheduling.catch_up()]
        held = row(product, made[1]).next_fire_at
    counts += [rescheduling.catch_up(), rescheduling.catch_up()]

    assert counts == [2, 0, 1, 0]
    assert held == FIRST + HOUR
    assert {row(product, import_id).next_fire_at for import_id in made} == {FIRST}
    product.close()


def test_what_was_held_and_is_done_by_others_is_left_alone(product: Product) -> None:
    made = nightly(product)
    rescheduling = product.wiring.rescheduling()
    rewrite(product, schedule_stamp="1-of older rules")
    rescheduling._left = {("Europe/Prague", "1-of older rules"): [made]}
    again(product)

    assert rescheduling.catch_up() == 0
    assert rescheduling._left == {}


def test_a_look_later_finds_what_others_wrote_by_their_rules(product: Product) -> None:
    import_id = nightly(product)
    rescheduling = product.wiring.rescheduling()
    rescheduling.bring_up_to_date()
    rewrite(product, schedule_stamp="1-of older rules", next_fire_at=FIRST + HOUR)

    counts = [rescheduling.look_again(), rescheduling.look_again()]

    assert counts == [1, 0]
    assert row(product, import_id).next_fire_at == FIRST


def test_an_unknown_zone_is_not_looked_at_again_and_again(product: Product) -> None:
    nightly(product)
    rewrite(product, timezone=None, schedule_stamp=UNREADABLE, next_fire_at=None)

    assert product.wiring.rescheduling().look_again() == 0
