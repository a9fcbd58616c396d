from __future__ import annotations

from importmgr.services.figures import figures_of
from tests.acceptance.documents import people
from tests.product import Product


def test_runs_of_the_whole_database_are_counted_when_they_are_asked_for(product: Product) -> None:
    figures = figures_of(product.wiring.stores.runs)
    before = figures.render().decode()
    product.create(people())

    after = figures.render().decode()

    assert "importmgr_runs_queued 0.0" in before
    assert "importmgr_runs_queued 1.0" in after
