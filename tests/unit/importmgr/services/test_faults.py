from __future__ import annotations

import pytest

from definitions.errors import NotFoundError
from importmgr.services.faults import FaultQuery
from tests.acceptance.documents import people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import ORIGIN

ROWS = "mail,name\n,A\na@example.com,B\n,C\nb@example.com,too,many\n"


def test_the_faults_of_a_run_are_listed_and_counted(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(people(file_server.put("/people.csv", ROWS)))
    run = product.settle(import_id)

    found = product.services.faults.list(
        product.project, import_id, ORIGIN, run.id, FaultQuery(limit=1, code="missing_key")
    )

    assert found.run == run
    assert [(fault.row, fault.code) for fault in found.faults] == [(1, "missing_key")]
    assert (found.total, found.stored) == (2, 3)
    assert [(each.code, each.count) for each in found.counts] == [
        ("missing_key", 2),
        ("too_many_fields", 1),
    ]


def test_faults_are_those_of_a_run_of_that_definition(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", ROWS)
    import_id, other = product.create(people(url)), product.create(people(url))
    run = product.settle(import_id)

    with pytest.raises(NotFoundError, match="has no run"):
        product.services.faults.list(product.project, other, ORIGIN, run.id, FaultQuery(limit=1))
