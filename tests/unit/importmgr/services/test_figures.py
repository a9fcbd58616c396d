from __future__ import annotations

from importmgr.services.figures import figures_of
from tests.acceptance.documents import DAILY, changed, people
from tests.product import Product


def shown(product: Product) -> dict[str, float]:
    """Return every figure without labels."""
    lines = figures_of(product.wiring.stores).render().decode().splitlines()
    pairs = [line.split(" ") for line in lines if not line.startswith("#") and "{" not in line]
    return {name: float(value) for name, value in pairs}


def test_runs_of_the_whole_database_are_counted_when_they_are_asked_for(product: Product) -> None:
    before = shown(product)
    product.create(people())

    after = shown(product)

    assert before["importmgr_runs_queued"] == 0.0
    assert after["importmgr_runs_queued"] == 1.0


def test_a_queue_that_stands_still_is_seen(product: Product) -> None:
    product.create(people())

    product.pass_time(600)

    assert 600 <= shown(product)["importmgr_queue_wait_seconds"] < 660
    assert shown(product)["importmgr_firing_overdue_seconds"] == 0.0


def test_a_schedule_that_nobody_fires_is_seen(small_product: Product) -> None:
    small_product.create(changed(people(), "trigger", DAILY))
    small_product.clock.move(2 * 86_400)

    assert 86_400 <= shown(small_product)["importmgr_firing_overdue_seconds"] < 2 * 86_400
    assert shown(small_product)["importmgr_queue_wait_seconds"] == 0.0


def test_a_database_that_tells_nothing_costs_no_other_figure(small_product: Product) -> None:
    with small_product.wiring.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO gone")

    figures = shown(small_product)

    assert str(figures["importmgr_runs_queued"]) == "nan"
    assert str(figures["importmgr_queue_wait_seconds"]) == "nan"
    assert figures["importmgr_firing_overdue_seconds"] == 0.0
