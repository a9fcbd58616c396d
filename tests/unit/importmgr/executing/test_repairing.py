"""One attempt at a repair: what was cut off goes on, and nothing is loaded twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from definitions.batches import Checkpoint, Tally
from definitions.compiled import CompiledMapping
from definitions.errors import PermanentError, ShutdownError
from definitions.lifecycle import Cause, RunState
from definitions.model import ImportDefinition
from definitions.rejects import CorrectedRows
from importmgr.executing.by_cause import ByCause
from importmgr.executing.repairing import RepairAttempt
from importmgr.services.repairs import Correction
from importmgr.store.repairing import RepairSession
from importmgr.store.repairs import Repair
from importmgr.store.runs import Claim, Run
from importmgr.store.tables import run_repairs
from importmgr.store.transactions import writing
from tests.acceptance.documents import changed, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import ORIGIN
from tests.unit.importmgr.executing.test_attempt import claim_of, held

ROWS = 200
HEAD = "_line,_row,_error_code,_error_column,_error,mail,name\n"


@pytest.fixture
def run(in_batches: Product, file_server: FileServer) -> Run:
    """A run that rejected every row."""
    rows = "".join(f",P{number}\n" for number in range(ROWS))
    import_id = in_batches.create(people(file_server.put("/people.csv", f"mail,name\n{rows}")))
    made = in_batches.settle(import_id)
    assert made.tally == Tally(read=ROWS, rejected=ROWS)
    return made


def hand_in(product: Product, run: Run) -> None:
    lines = (f"{row + 1},{row},,,,p{row}@example.com,P{row}\n" for row in range(1, ROWS + 1))
    given = Correction(content=(HEAD + "".join(lines)).encode(), part=None, asked_by="key")
    product.services.repairs.start(product.project, run.definition_id, ORIGIN, run.id, given)


def repair_of(product: Product) -> RepairAttempt:
    attempt = product.wiring.executor("test")._attempt
    assert isinstance(attempt, ByCause)
    found = attempt.others[Cause.REPAIR]()
    assert isinstance(found, RepairAttempt)
    return found


def test_a_repair_that_was_cut_off_goes_on_and_loads_each_row_once(
    in_batches: Product, run: Run
) -> None:
    hand_in(in_batches, run)
    attempt, claim = repair_of(in_batches), claim_of(in_batches)
    with held(in_batches, claim) as control:

        class Stopping(RepairSession):
            def load(
                self, corrected: CorrectedRows, mapping: CompiledMapping, reached: Checkpoint
            ) -> Checkpoint:
                after = super().load(corrected, mapping, reached)
                control.stop.set()
                return after

        def open_session(
            claim: Claim, definition: ImportDefinition, repair: Repair
        ) -> RepairSession:
            session = attempt.open_session(claim, definition, repair)
            session.__class__ = Stopping
            return session

        with pytest.raises(ShutdownError):
            replace(attempt, open_session=open_session)(claim, control)
    in_batches.wiring.stores.runs.release(claim.run.id, claim.run.token)
    between = in_batches.run(run.definition_id, run.id).tally
    assert 0 < between.created < ROWS
    assert between == Tally(read=ROWS, created=between.created, rejected=ROWS - between.created)

    done = in_batches.settle(run.definition_id)

    assert (done.state, done.tally) == (RunState.COMPLETED, Tally(read=ROWS, created=ROWS))
    assert in_batches.run(run.definition_id, run.id).tally == Tally(read=ROWS, created=ROWS)
    assert in_batches.customers() == ROWS


def test_a_repair_whose_end_could_not_be_written_down_is_no_failure(
    in_batches: Product, run: Run
) -> None:
    hand_in(in_batches, run)
    claim = claim_of(in_batches)
    with held(in_batches, claim) as control:
        repair_of(in_batches)(claim, control)
    in_batches.wiring.stores.runs.release(claim.run.id, claim.run.token)  # nobody finished it

    done = in_batches.settle(run.definition_id)

    assert (done.state, done.tally) == (RunState.COMPLETED, Tally(read=ROWS, created=ROWS))
    assert in_batches.run(run.definition_id, run.id).tally == Tally(read=ROWS, created=ROWS)


def test_what_is_not_kept_any_more_cannot_be_repaired(in_batches: Product, run: Run) -> None:
    hand_in(in_batches, run)
    with writing(in_batches.wiring.engine) as transaction:
        transaction.execute(sa.delete(run_repairs))
    claim = claim_of(in_batches)

    with (
        held(in_batches, claim) as control,
        pytest.raises(PermanentError, match="not kept any more"),
    ):
        repair_of(in_batches)(claim, control)


def test_cells_that_are_no_text_are_none_after_they_were_handed_out(
    product: Product, file_server: FileServer
) -> None:
    lines = b"""{"mail":"","price":1.234}
{"mail":"","price":1.234}
{"mail":"","price":"1.234"}
{"mail":"b@example.com","price":0.25}
"""
    properties = [{"to_column": "price", "target_type": "number", "decimal": ","}]
    url = file_server.put("/p.ndjson", lines)
    made = changed(people(url), "mapping.column_mapping.property_mappings", properties)
    run = product.settle(product.create(made))
    assert run.tally == Tally(read=4, created=1, rejected=3)
    handed_in = b"""_line,_row,_error_code,_error_column,_error,mail,price
1,1,,,,a1@example.com,1.234
2,2,,,,a2@example.com,"2,5"
3,3,,,,a3@example.com,1.234
"""
    given = Correction(content=handed_in, part=None, asked_by="key")
    product.services.repairs.start(product.project, run.definition_id, ORIGIN, run.id, given)

    done = product.settle(run.definition_id)

    assert (done.state, done.fault_count) == (RunState.COMPLETED, 0)
    found = [
        product.services.customers.export(product.project, {"email_id": f"a{n}@example.com"})
        for n in (1, 2, 3)
    ]
    assert [customer.properties["price"] for customer in found] == [1.234, 2.5, 1234]
