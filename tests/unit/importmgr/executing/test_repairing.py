"""One attempt at a repair: what was cut off goes on, and nothing is loaded twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from definitions.batches import Checkpoint, ReadyBatch, Tally
from definitions.compiled import CompiledMapping
from definitions.errors import PermanentError, ShutdownError
from definitions.lifecycle import Cause, RunState
from definitions.model import ImportDefinition
from definitions.rejects import CorrectedRows
from destinations.lanes import Turn
from destinations.session import LoadSession
from destinations.tables import customers
from importmgr.executing.by_cause import ByCause
from importmgr.executing.repairing import RepairAttempt
from importmgr.services.repairs import Correction
from importmgr.store.repairing import RepairSession
from importmgr.store.repairs import Repair
from importmgr.store.runs import Claim, Run
from importmgr.store.tables import run_repairs
from importmgr.store.transactions import writing
from sources.survey import FIRST_ROWS
from tests.acceptance.documents import changed, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import ORIGIN
from tests.unit.importmgr.executing.test_attempt import attempt_of, claim_of, held, styled

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


def stop_after_the_first_batch(product: Product) -> None:
    """Make an attempt at the repair that is stopped after a batch, and hand it back."""
    attempt, claim = repair_of(product), claim_of(product)
    with held(product, claim) as control:

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
    product.wiring.stores.runs.release(claim.run.id, claim.run.token)


def test_a_repair_that_was_cut_off_goes_on_and_loads_each_row_once(
    in_batches: Product, run: Run
) -> None:
    hand_in(in_batches, run)
    stop_after_the_first_batch(in_batches)
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


MALFORMED, ASKING = "m@x.cz;1.234;1/2/2024;surplus\n", "a@x.cz;1,5;31/12/2024\n"
MANY = "".join(f"p{number}@x.cz;7;\n" for number in range(FIRST_ROWS))


def stop_behind(product: Product, row: int) -> None:
    """Make an attempt that is stopped once that row is loaded, and hand the run back."""
    attempt, claim = attempt_of(product), claim_of(product)
    with held(product, claim) as control:

        class Stopping(LoadSession):
            def load(
                self, batch: ReadyBatch, reached: Checkpoint, turn: Turn | None = None
            ) -> Checkpoint:
                after = super().load(batch, reached, turn)
                if batch.end.row > row:
                    control.stop.set()
                return after

        def open_session(claim: Claim, definition: ImportDefinition) -> LoadSession:
            session = attempt.open_session(claim, definition)
            session.__class__ = Stopping
            return session

        with pytest.raises(ShutdownError):
            replace(attempt, open_session=open_session)(claim, control)
    product.wiring.stores.runs.release(claim.run.id, claim.run.token)


def hand_in_rows(product: Product, run: Run, rows: Sequence[str]) -> None:
    """Hand in other rows in the place of those that were rejected."""
    (kept,) = product.wiring.stores.rejects.files(run.id)
    waiting = product.wiring.stores.rejects.rows(run.id, kept.part)
    head = "_line;_row;_error_code;_error_column;_error;mail;price;day\n"
    lines = (f"1;{was.row};;;;{row}\n" for was, row in zip(waiting, rows, strict=True))
    given = Correction(content=(head + "".join(lines)).encode(), part=None, asked_by="key")
    product.services.repairs.start(product.project, run.definition_id, ORIGIN, run.id, given)


def properties_of(product: Product, mail: str) -> dict[str, object]:
    customer = product.services.customers.export(product.project, {"email_id": mail})
    return dict(customer.properties)


def repaired(product: Product, run: Run) -> dict[str, object]:
    """Hand the malformed row in without what is too much; return what it became."""
    hand_in_rows(product, run, ["m@x.cz;1.234;1/2/2024"])
    assert product.settle(run.definition_id).tally == Tally(read=1, created=1)
    return properties_of(product, "m@x.cz")


def test_a_row_is_read_as_batches_show_that_come_long_after_it_was_rejected(
    in_batches: Product, file_server: FileServer
) -> None:
    content = f"mail;price;day\n{MALFORMED}{MANY}{ASKING}"
    run = in_batches.settle(in_batches.create(styled(file_server.put("/p.csv", content))))

    assert repaired(in_batches, run) == {"price": 1234, "day": "2024-02-01"}


def test_a_row_is_read_as_batches_showed_before_the_attempt_that_rejected_it(
    in_batches: Product, file_server: FileServer
) -> None:
    content = f"mail;price;day\n{MANY}{ASKING}{MANY}{MALFORMED}"
    import_id = in_batches.create(styled(file_server.put("/p.csv", content)))
    stop_behind(in_batches, FIRST_ROWS + 1)

    run = in_batches.settle(import_id)

    assert repaired(in_batches, run) == {"price": 1234, "day": "2024-02-01"}


BESIDE = [
    # what good rows have, what rejected ones have when they come back, and what becomes of these
    (["7;2024-01-01"], ["1 234;", "1'234;"], [{"price": 1234}, {"price": 1234}]),
    (["7;"], [";31/12/2024", ";1/2/2024"], [{"day": "2024-12-31"}, {"day": "2024-02-01"}]),
    (["7;"], [";31/12/2024", ";12/31/2024"], [{}, {}]),
    (["7;31/1/2024", "7;1/31/2024"], [";31/12/2024", ";1/2/2024"], [{}, {}]),
    (["7;31/1/2024"], [";12/31/2024", ";1/2/2024"], [{}, {"day": "2024-02-01"}]),
    (["7;"], ["1,234;", "1,234.5;"], [{"price": 1234}, {"price": 1234.5}]),
    (["7;"], ["1.234;", "1.234,5;"], [{"price": 1.234}, {}]),
    (["1,5;"], ["1,234.5;", "1.234;"], [{}, {"price": 1234}]),
]


@pytest.mark.parametrize(("good", "rows", "found"), BESIDE)
def test_what_the_file_leaves_open_the_rows_may_prove(
    good: list[str],
    rows: list[str],
    found: list[dict[str, object]],
    product: Product,
    file_server: FileServer,
) -> None:
    lines = [*(f"g{at}@x.cz;{cells}" for at, cells in enumerate(good)), *[";7;"] * len(rows)]
    content = "\n".join(["mail;price;day", *lines, ""])
    run = product.settle(product.create(styled(file_server.put("/p.csv", content))))
    hand_in_rows(product, run, [f"r{at}@x.cz;{row}" for at, row in enumerate(rows)])

    product.settle(run.definition_id)

    assert [properties_of(product, f"r{at}@x.cz") for at in range(len(rows))] == found


def test_what_rows_prove_holds_where_a_repair_goes_on_behind_them(
    in_batches: Product, file_server: FileServer
) -> None:
    content = "mail;price;day\n" + ";7;\n" * ROWS
    import_id = in_batches.create(styled(file_server.put("/p.csv", content)))
    run = in_batches.settle(import_id)
    rows = [f"r{at}@x.cz;7;{31 if at == 0 else 1}/12/2024" for at in range(ROWS)]
    hand_in_rows(in_batches, run, rows)
    stop_after_the_first_batch(in_batches)

    done = in_batches.settle(import_id)

    assert done.tally == Tally(read=ROWS, created=ROWS)
    assert properties_of(in_batches, f"r{ROWS - 1}@x.cz")["day"] == "2024-12-01"


def test_texts_for_no_value_are_none_in_corrected_rows_either(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/p.csv", b"mail,name\nNULL,A\n NULL ,B\nc@example.com,NULL\n")
    run = product.settle(
        product.create(changed(people(url), "source.format", {"null_values": ["NULL"]}))
    )
    assert run.tally == Tally(read=3, created=1, rejected=2)
    handed_in = HEAD + "2,1,,,,a@example.com,NULL\n3,2,,,, NULL ,B\n"
    given = Correction(content=handed_in.encode(), part=None, asked_by="key")
    product.services.repairs.start(product.project, run.definition_id, ORIGIN, run.id, given)

    repair = product.settle(run.definition_id)

    assert repair.tally == Tally(read=2, created=1, rejected=1)
    with product.wiring.engine.connect() as connection:
        properties = connection.execute(sa.select(customers.c.properties)).scalars().all()
    assert list(map(str, properties)) == ["{}", "{}"]
