"""The writing end of a claimed run, opened for each kind of destination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from definitions.batches import Checkpoint, Position, Tally
from definitions.errors import LostLeaseError
from importmgr.store.loading import open_session
from importmgr.store.runs import Claim
from tests.acceptance.documents import Document, catalog, changed, people
from tests.loading import CustomerRow, customer_records, ready, stored_customers
from tests.product import Product
from tests.stores import LEASE, NOW

REACHED = Checkpoint(identity="abc", position=Position(byte=9, row=2, line=3))
JANA = CustomerRow(ids={"a": "1"}, properties={"name": "Jana"}, at=1.0)


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Product]:
    product = Product(database_url, tmp_path / "var")
    yield product
    product.close()


def claim_of(product: Product, document: Document) -> Claim:
    """Return a claimed run of a new definition."""
    product.create(document)
    claim = product.wiring.stores.runs.claim("test", LEASE)
    assert claim is not None
    return claim


def test_a_batch_is_committed_for_the_project_under_the_token_of_the_claim(
    product: Product,
) -> None:
    claim = claim_of(product, people())
    definition = product.wiring.sources.definition(claim.definition)
    session = open_session(product.wiring.engine, claim, definition)

    after = session.load(ready(customer_records([JANA]), (), read=2), REACHED)

    assert after.tally == Tally(read=2, created=1, rejected=1)
    assert len(stored_customers(product.wiring.engine, product.project.id)) == 1
    assert product.run(claim.definition.id).tally == after.tally


def test_a_claim_that_was_taken_over_writes_nothing(product: Product) -> None:
    claim = claim_of(product, people())
    definition = product.wiring.sources.definition(claim.definition)
    product.pass_time(61)
    product.wiring.stores.runs.reap()
    session = open_session(product.wiring.engine, claim, definition)

    with pytest.raises(LostLeaseError):
        session.load(ready(customer_records([JANA]), (), read=1), REACHED)

    assert stored_customers(product.wiring.engine, product.project.id) == []


def test_a_run_counts_as_written_when_it_started(product: Product) -> None:
    timed = changed(
        people(),
        "mapping.column_mapping.property_mappings",
        [{"from_column": "at", "to_column": "update_timestamp"}],
    )
    claim = claim_of(product, timed)
    assert claim.run.started_at == NOW
    definition = product.wiring.sources.definition(claim.definition)
    session = open_session(product.wiring.engine, claim, definition)

    untimed = customer_records([replace(JANA, at=None)])
    session.load(ready(untimed, (), read=1), REACHED)

    ((_, _, written_at),) = stored_customers(product.wiring.engine, product.project.id)
    assert str(NOW.timestamp())[:12] in written_at


def test_a_catalog_that_is_gone_is_made_anew(product: Product) -> None:
    claim = claim_of(product, catalog("https://files.example.test/items.csv", "Shoes"))
    (made,) = product.services.catalogs.list(product.project, 10, 0).items
    product.services.catalogs.delete(product.project, made.id)

    open_session(product.wiring.engine, claim, product.wiring.sources.definition(claim.definition))

    (anew,) = product.services.catalogs.list(product.project, 10, 0).items
    assert (anew.name, anew.id) == ("Shoes", claim.run.id)
