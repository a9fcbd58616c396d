from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from definitions.batches import Position, ReadyBatch, Records
from definitions.file_decisions import FileCode, FileDecision
from definitions.lifecycle import Cause
from importmgr.executing.announcing import MOST_TOLD, Announcer
from importmgr.store.decisions import StoredDecision
from importmgr.store.runs import Claim, OpenedFile
from tests.acceptance.documents import idle, people
from tests.product import Product
from tests.unit.importmgr.executing.test_attempt import claim_of

TAKEN = FileDecision(code=FileCode.TAKEN, facts={"path": "a.csv"})
OLDER = FileDecision(code=FileCode.NOT_LAST, facts={"count": 2})
IN_FLIGHT = FileDecision(code=FileCode.IN_FLIGHT, facts={"path": "b.csv"})


def begun(product: Product) -> tuple[Announcer, Claim]:
    """Return what announces, and a run that was claimed."""
    product.start(product.create(idle(people())))
    stores = product.wiring.stores
    announcer = Announcer(
        runs=stores.runs, decisions=stores.decisions, clock=product.wiring.world.clock
    )
    return announcer, claim_of(product)


def told(product: Product, claim: Claim) -> list[StoredDecision]:
    """Return what is told of a definition, the first first."""
    found, _ = product.wiring.stores.decisions.list(claim.definition.id, 1000, 0, None)
    return [each for each in found[::-1] if "run_id" in each.facts]


def batch(evidence: Mapping[str, str]) -> ReadyBatch:
    """Return a batch without rows."""
    records = Records(frame=pl.DataFrame(), ids=())
    end = Position(byte=1, row=1, line=1)
    return ReadyBatch(records=records, faults=(), fault_count=0, read=0, end=end, evidence=evidence)


def test_only_what_a_person_should_look_at_is_told(small_product: Product) -> None:
    announcer, claim = begun(small_product)

    announcer.decided(claim, [TAKEN, OLDER])
    announcer.decided(claim, [TAKEN, IN_FLIGHT])

    assert small_product.run(claim.definition.id).warnings == (IN_FLIGHT.text,)
    (decision,) = told(small_product, claim)
    assert decision.code == "file_in_flight"
    assert decision.facts == {"path": "b.csv", "run_id": claim.run.id}


def test_of_many_decisions_the_first_are_told_where_the_definition_is(
    small_product: Product,
) -> None:
    announcer, claim = begun(small_product)

    announcer.decided(claim, [IN_FLIGHT] * (MOST_TOLD + 1))

    assert len(told(small_product, claim)) == MOST_TOLD


def test_files_that_were_chosen_are_told_once(small_product: Product) -> None:
    announcer, claim = begun(small_product)
    by_itself = replace(claim, run=replace(claim.run, cause=Cause.NEW_FILE))

    announcer.chosen(claim, [TAKEN, OLDER])
    announcer.chosen(by_itself, [TAKEN, OLDER])

    (decision,) = told(small_product, claim)
    assert decision.code == "files_chosen"
    assert (decision.facts["taken"], decision.facts["older"]) == (1, 2)
    assert small_product.run(claim.definition.id).warnings == ()


def test_where_no_file_is_chosen_the_run_says_why(small_product: Product) -> None:
    announcer, claim = begun(small_product)

    announcer.chosen(claim, [OLDER])

    assert small_product.run(claim.definition.id).warnings == (OLDER.text,)


def test_what_is_found_out_with_a_batch_is_added_to_how_its_file_is_read(
    small_product: Product,
) -> None:
    announcer, claim = begun(small_product)
    opened = OpenedFile(file="a.csv", read_as={"encoding": "utf-8"})
    batches = [batch({}), batch({"day": "day first"})]

    announcer.opened(claim, opened, ("look here",))
    assert list(announcer.found_with(claim, opened, iter(batches))) == batches

    run = small_product.run(claim.definition.id)
    assert run.warnings == ("look here",)
    (file,) = run.files
    assert file.read_as == {"encoding": "utf-8", "day": "day first"}


def test_what_makes_it_doubtful_that_a_file_is_read_rightly_is_a_warning(
    small_product: Product,
) -> None:
    announcer, claim = begun(small_product)
    opened = OpenedFile(file="a.csv", read_as={"delimiter": "','", "names": "one is missing"})

    announcer.opened(claim, opened, ("look here",))
    announcer.opened(claim, opened)

    run = small_product.run(claim.definition.id)
    assert run.warnings == ("look here", "a.csv: one is missing")
