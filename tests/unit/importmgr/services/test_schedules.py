"""What a schedule will do, told beforehand."""

from __future__ import annotations

from datetime import UTC, datetime

from importmgr.services.schedules import NextRuns, schedule_of
from tests.acceptance.documents import DAILY, changed, idle, people
from tests.product import Product
from tests.stores import NOW, ORIGIN


def told(product: Product, import_id: str, count: int = 1) -> NextRuns:
    """Return what is told of a definition from now on."""
    schedules = product.services.schedules
    return schedules.next_runs(product.project, import_id, ORIGIN, count, None)


def test_without_a_time_it_is_told_from_now_on(small_product: Product) -> None:
    import_id = small_product.create(changed(people(), "trigger", DAILY))

    (fire,) = told(small_product, import_id).fires

    assert fire.at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # the night after NOW


def test_what_has_no_schedule_has_no_instants_and_no_warnings(small_product: Product) -> None:
    import_id = small_product.create(idle(people()))

    assert told(small_product, import_id) == NextRuns(active=True, fires=())
    schedules = small_product.services.schedules
    assert schedules.warnings(small_product.project, import_id, ORIGIN) == ()


def test_days_that_a_document_leaves_out_are_those_of_its_creation() -> None:
    document = {"trigger": {**DAILY, "frequency": "weekly", "days": []}}

    schedule = schedule_of(document, NOW)

    assert schedule is not None
    assert schedule.days == (NOW.weekday(),)
