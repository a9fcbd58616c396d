from __future__ import annotations

from importmgr.store.audit import AuditFilter
from tests.product import Product


def test_a_project_sees_its_own_changes_and_no_others(small_product: Product) -> None:
    services = small_product.services
    other = services.projects.create("Other")

    mine = services.audit.of(small_product.project, AuditFilter(project_id=other.id), 10, 0)
    everything = services.audit.everywhere(AuditFilter(), 10, 0)

    assert [entry.what for entry in mine.items] == [small_product.project.token]
    assert [entry.what for entry in everything.items] == [other.token, small_product.project.token]
    assert (mine.total, everything.total) == (1, 2)
