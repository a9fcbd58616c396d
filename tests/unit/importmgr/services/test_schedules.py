"""What a schedule will do, told beforehand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from definitions.errors import InvalidError
from importmgr.services.schedules import NextRuns
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


def test_activation_and_its_opposite_change_the_document_too(product: Product) -> None:
    import_id = product.create(changed(people(), "trigger", DAILY))
    schedules, place = product.services.schedules, (product.project, import_id, ORIGIN)

    states = []
    for switch in (schedules.deactivate, schedules.deactivate, schedules.activate):
        switch(*place)
        states.append(product.services.definitions.read(*place).document["active"])
    schedules.activate(*place)

    assert states == [False, False, True]
    found = schedules.decisions(*place, (10, 0), None)
    assert [each.code for each in found.items] == ["activated", "deactivated"]


def test_one_activation_too_many_is_refused(product: Product) -> None:
    few = product.beside(max_active_definitions=1)
    few.create(people())
    inactive = few.create({**people(), "active": False})

    with pytest.raises(InvalidError, match="1 active definitions"):
        few.services.schedules.activate(few.project, inactive, ORIGIN)

    few.close()


def test_decisions_are_paged_from_a_moment_on(product: Product) -> None:
    import_id = product.create(changed(people(), "trigger", DAILY))
    schedules, place = product.services.schedules, (product.project, import_id, ORIGIN)
    for _ in range(2):
        schedules.deactivate(*place)
        schedules.activate(*place)

    page = schedules.decisions(*place, (2, 1), NOW)

    assert [each.code for each in page.items] == ["deactivated", "activated"]
    assert page.total == 4
    assert schedules.decisions(*place, (10, 0), datetime(2999, 1, 1, tzinfo=UTC)).total == 0
