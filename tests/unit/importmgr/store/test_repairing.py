"""Corrected rows in the place of rejected ones: all of a batch, or none of it."""

from __future__ import annotations

import polars as pl
import pytest

from definitions.batches import Checkpoint, Position, Tally
from definitions.errors import LostLeaseError
from definitions.mapping import compile_mapping
from definitions.rejects import CorrectedRows
from destinations.ledger import revoke
from importmgr.services.repairs import Correction
from importmgr.store.loading import Sessions
from importmgr.store.runs import Claim, Run
from importmgr.store.transactions import writing
from tests.acceptance.documents import changed, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import DONE, LEASE, NOW, ORIGIN

CORRECTED = CorrectedRows(
    frame=pl.DataFrame({"mail": ["a@example.com", "b@example.com"], "name": ["A", "B"]}),
    rows=[1, 2],
    malformed=(),
    end=Position(byte=10, row=3, line=4),
)


@pytest.fixture
def run(product: Product, file_server: FileServer) -> Run:
    """A run of events that rejected both its rows."""
    document = people(file_server.put("/people.csv", "mail,name\n,A\n,B\n"))
    events = changed(document, "destination", {"event_destination": {"event_type": "visit"}})
    return product.settle(product.create(events))


def claimed(product: Product, run: Run) -> Claim:
    """Return a repair of the run, claimed."""
    given = Correction(content=b"x", part=None, asked_by="key")
    product.services.repairs.start(product.project, run.definition_id, ORIGIN, run.id, given)
    claim = product.wiring.stores.runs.claim("test", LEASE)
    assert claim is not None
    return claim


def load(product: Product, claim: Claim, corrected: CorrectedRows = CORRECTED) -> Checkpoint:
    wiring = product.wiring
    definition = wiring.sources.definition(claim.definition)
    repair = wiring.stores.repairs.get(claim.run.id)
    session = Sessions(wiring.engine, 0, wiring.stores.audit).repair(claim, definition, repair)
    mapping = compile_mapping(definition, repair.kept.file.header)
    return session.load(corrected, mapping, claim.checkpoint)


def test_rows_are_loaded_as_those_of_the_run_that_rejected_them(product: Product, run: Run) -> None:
    claim = claimed(product, run)

    after = load(product, claim)

    assert after.tally == Tally(read=2, created=2)
    assert (after.batches, after.position) == (1, CORRECTED.end)
    assert product.run(run.definition_id, run.id).tally == Tally(read=2, created=2)
    shop, ids = product.project, {"email_id": "a@example.com"}
    [event] = product.services.customers.export(shop, ids).events
    assert run.started_at is not None
    assert event.timestamp == run.started_at.timestamp()  # and not that of the repair


def test_who_lost_the_repair_changes_nothing(product: Product, run: Run) -> None:
    claim = claimed(product, run)
    with writing(product.wiring.engine) as transaction:
        revoke(transaction, claim.run.id, claim.run.token)

    with pytest.raises(LostLeaseError):
        load(product, claim)

    assert product.run(run.definition_id, run.id) == run
    assert product.customers() == 0


def test_rows_that_do_not_wait_are_skipped(product: Product, run: Run) -> None:
    claim = claimed(product, run)
    load(product, claim)
    product.wiring.stores.runs.release(claim.run.id, claim.run.token)
    again = product.wiring.stores.runs.claim("other", LEASE)
    assert again is not None

    after = load(product, again)

    assert after.tally == Tally(read=4, created=2, skipped=2)
    assert product.run(run.definition_id, run.id).tally == Tally(read=2, created=2)


def test_a_repair_is_no_measure_for_the_next_run(product: Product, run: Run) -> None:
    claim = claimed(product, run)
    load(product, claim)
    store = product.wiring.stores.runs
    store.finish(claim.run.id, claim.run.token, DONE, NOW)

    assert store.history(run.definition_id, 10).row_counts == (2,)
