"""Runs told what to do, by somebody."""

from __future__ import annotations

import time

import pytest

from definitions.batches import Tally
from definitions.errors import NotFoundError
from definitions.lifecycle import RunCommand, RunState
from importmgr.acting import Actor, acting
from importmgr.services.control import RunOrder
from tests.acceptance.documents import PEOPLE, idle, people
from tests.file_server import FileServer, Stall
from tests.product import Product, wait_until, working
from tests.stores import ORIGIN

BY = "66f0c1d2e3a4b5c6d7e8f903"


def tell(product: Product, import_id: str, command: RunCommand) -> RunState:
    """Tell the newest run what to do and return its state then."""
    order = RunOrder(run_id=product.run(import_id).id, command=command)
    return product.services.control.tell(product.project, import_id, ORIGIN, order).run.state


def test_who_asked_is_kept(product: Product) -> None:
    import_id = product.create(idle(people()))
    product.start(import_id)

    with acting(Actor(name=BY)):
        assert tell(product, import_id, RunCommand.CANCEL) is RunState.CANCELLED

    assert product.run(import_id).asked_by == BY


def test_what_is_not_there_is_told_nothing(product: Product) -> None:
    import_id = product.create(idle(people()))
    order = RunOrder(run_id="5" * 24, command=RunCommand.PAUSE)

    for definition_id in (import_id, "6" * 24):
        with pytest.raises(NotFoundError):
            product.services.control.tell(product.project, definition_id, ORIGIN, order)


def test_an_executor_that_fetches_turns_to_other_work_within_two_seconds(
    product: Product, file_server: FileServer
) -> None:
    slow = product.create(people(file_server.put("/people.csv", PEOPLE)))
    file_server.script("/people.csv", Stall(after=10, seconds=30))
    other = product.create(people(file_server.put("/other.csv", PEOPLE)))

    with working(product.wiring.executor("test")):
        wait_until(lambda: file_server.count("/people.csv").bytes_sent)
        asked_at = time.monotonic()
        assert tell(product, slow, RunCommand.PAUSE) is RunState.PAUSED
        wait_until(lambda: product.run(other).state is RunState.COMPLETED)
        took = time.monotonic() - asked_at
        assert product.run(slow).tally == Tally()
        tell(product, slow, RunCommand.RESUME)
        wait_until(lambda: product.run(slow).state is RunState.COMPLETED)

    assert took < 2  # of which a second is for the next look at the lease
    assert product.run(slow).tally == Tally(read=2, unchanged=2)
