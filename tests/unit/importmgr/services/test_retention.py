"""Forgetting: each kind by its own terms, not too often, and no further than it may."""

from __future__ import annotations

from datetime import timedelta

from importmgr.services.retention import EVERY, retention_terms
from importmgr.settings import Settings
from importmgr.store.audit import AuditFilter
from tests.acceptance.documents import idle, people
from tests.product import Product
from tests.stores import ORIGIN


def test_the_settings_say_how_long() -> None:
    terms = retention_terms(Settings(run_days=1, reject_days=2, decision_days=3, audit_days=4))

    assert [terms.runs, terms.rejects, terms.decisions, terms.audit] == [
        timedelta(days=days) for days in (1, 2, 3, 4)
    ]
    assert (terms.runs_each, terms.audit_lines) == (1_000, 1_000_000)


def test_what_was_forgotten_is_told_and_counted(small_product: Product) -> None:
    import_id = small_product.create(idle(people()))
    small_product.services.schedules.deactivate(small_product.project, import_id, ORIGIN)
    lines = small_product.services.audit.everywhere(AuditFilter(), 1, 0).total
    small_product.clock.move(366 * 86_400)

    forgotten = small_product.wiring.retention().forget()

    assert forgotten == {"decisions": 1, "audit": lines}
    shown = small_product.services.metrics.render().decode()
    assert 'importmgr_forgotten_total{kind="decisions"} 1.0' in shown
    assert 'importmgr_forgotten_total{kind="runs"} 0.0' in shown


def test_it_is_not_done_too_often(small_product: Product) -> None:
    retention = small_product.wiring.retention()
    small_product.clock.move(366 * 86_400)

    first = retention.forget_when_due()
    small_product.services.projects.create("Another")
    small_product.clock.move(EVERY.total_seconds() - 1)
    too_soon = retention.forget_when_due()

    assert first == {"audit": 1}
    assert too_soon == {}


def test_a_service_that_stops_forgets_no_more(small_product: Product) -> None:
    small_product.clock.move(366 * 86_400)

    assert small_product.wiring.retention().forget(lambda: False) == {}
