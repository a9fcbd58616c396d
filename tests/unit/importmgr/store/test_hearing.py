"""Each run that ends is told of once, by the process that ended it, after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from definitions.lifecycle import RunCommand, RunState
from importmgr.services.control import RunOrder
from importmgr.store.reaping import MAX_CRASHES
from importmgr.store.transactions import writing
from tests.acceptance.documents import idle, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import LEASE, ORIGIN

PEOPLE = "mail,name\njana@example.com,Jana\n,nobody\n"


def ended(product: Product) -> dict[str, int]:
    """Return how many runs a process has counted, by the states that it has seen."""
    found: dict[str, int] = {}
    for line in product.services.metrics.render().decode().splitlines():
        name, _, count = line.rpartition(" ")
        if name.startswith("importmgr_runs_total") and float(count):
            found[name.split('"')[1]] = int(float(count))
    return found


def cancel(product: Product, import_id: str) -> None:
    order = RunOrder(run_id=product.run(import_id).id, command=RunCommand.CANCEL)
    product.services.control.tell(product.project, import_id, ORIGIN, order)


def test_a_cancelled_run_is_counted_where_it_was_cancelled(product: Product) -> None:
    other = product.beside()
    import_id = product.create(idle(people()))
    product.start(import_id)

    cancel(product, import_id)

    assert (ended(product), ended(other)) == ({"cancelled": 1}, {})
    assert "importmgr_run_seconds_count 0.0" in product.services.metrics.render().decode()
    other.close()


def test_runs_of_a_deleted_definition_are_counted(product: Product) -> None:
    import_id = product.create(idle(people()))
    product.start(import_id)
    product.start(import_id)

    product.services.definitions.delete(product.project, import_id, ORIGIN)

    assert ended(product) == {"cancelled": 2}


def test_a_run_that_keeps_killing_its_executors_is_counted_by_who_gives_it_up(
    product: Product,
) -> None:
    import_id = product.create(idle(people()))
    product.start(import_id)
    for _ in range(MAX_CRASHES):
        assert product.wiring.stores.runs.claim("dead", LEASE) is not None
        assert ended(product) == {}
        product.pass_time(LEASE.total_seconds() + 1)
        product.wiring.stores.runs.reap()

    assert product.run(import_id).state is RunState.FAILED
    assert ended(product) == {"failed": 1}


def test_a_run_that_an_executor_ends_is_counted_once_with_its_faults(
    product: Product, file_server: FileServer
) -> None:
    product.settle(product.create(people(file_server.put("/people.csv", PEOPLE))))

    assert ended(product) == {"completed": 1}
    lines = product.services.metrics.render().decode().splitlines()
    assert 'importmgr_faults_total{code="missing_key"} 1.0' in lines


def test_nothing_is_told_of_what_is_rolled_back(product: Product) -> None:
    heard: list[RunState] = []

    def hear(state: RunState, _took: timedelta | None, _faults: Mapping[str, int]) -> None:
        heard.append(state)

    stores = product.wiring.stores
    stores.runs.hear_ends(hear)
    import_id = product.create(idle(people()))
    run = product.start(import_id)

    def fail(_transaction: object) -> None:
        assert heard == []  # not before the commit
        msg = "no room for the audit log"
        raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="audit log"):
        stores.control.tell(run, RunCommand.CANCEL, also=fail)
    with writing(product.wiring.engine):
        pass  # the same connection

    assert heard == []
    cancel(product, import_id)
    assert heard == [RunState.CANCELLED]
