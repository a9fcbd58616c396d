"""One attempt at a run: from its checkpoint to the last row, with every row accounted for."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Connection

from definitions.batches import Batch, Checkpoint, Position, ReadyBatch, Records, Tally
from definitions.errors import (
    LostLeaseError,
    MissingColumnError,
    ReconcileError,
    ShutdownError,
    SourceRefusedError,
)
from definitions.faults import MOST_FAULTS
from definitions.lifecycle import RunState
from definitions.model import ImportDefinition
from destinations.bulk import Bulk, Connect
from destinations.lanes import Turn
from destinations.session import LoadSession
from importmgr.executing.attempt import Attempt
from importmgr.executing.by_cause import ByCause
from importmgr.executing.control import Control
from importmgr.store.runs import Claim
from sources.base import Reader, SpooledFile
from sources.survey import FIRST_ROWS
from tests.acceptance.documents import PEOPLE, catalog, changed, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import LEASE
from tests.unit.importmgr.executing.conftest import ROWS
from tests.unit.importmgr.executing.test_lease import hold
from tests.workbooks import written as workbook


def attempt_of(product: Product) -> Attempt:
    """Return what an executor of the product works with."""
    attempt = product.wiring.executor("test")._attempt
    assert isinstance(attempt, ByCause)
    assert isinstance(attempt.usual, Attempt)
    return attempt.usual


def claim_of(product: Product) -> Claim:
    """Return the next run, claimed."""
    claim = product.wiring.stores.runs.claim("test", LEASE)
    assert claim is not None
    return claim


@contextmanager
def held(product: Product, claim: Claim) -> Iterator[Control]:
    """Hold a claimed run and yield what could stop it."""
    with hold(product, claim) as lease:
        yield Control(lease=lease, stop=threading.Event())


class Stopping(LoadSession):
    """Asks the run to stop after its second batch."""

    stop: threading.Event

    def load(self, batch: ReadyBatch, reached: Checkpoint, turn: Turn | None = None) -> Checkpoint:
        """Commit a batch."""
        after = super().load(batch, reached, turn)
        if after.batches == 2:
            self.stop.set()
        return after


def stop_after_two_batches(product: Product, import_id: str) -> Checkpoint:
    """Make an attempt that is stopped, hand the run back, and return how far it came."""
    attempt, claim = attempt_of(product), claim_of(product)
    with held(product, claim) as control:

        def open_session(claim: Claim, definition: ImportDefinition) -> LoadSession:
            session = attempt.open_session(claim, definition)
            session.__class__ = Stopping
            session.stop = control.stop  # type: ignore[attr-defined]
            return session

        with pytest.raises(ShutdownError):
            replace(attempt, open_session=open_session)(claim, control)
    product.wiring.stores.runs.release(claim.run.id, claim.run.token)
    tally = product.run(import_id).tally
    assert 0 < tally.read < ROWS
    again = claim_of(product)
    product.wiring.stores.runs.release(again.run.id, again.run.token)
    assert again.checkpoint.tally == tally
    return again.checkpoint


def test_a_run_that_was_stopped_goes_on_at_its_checkpoint(
    in_batches: Product, people_url: str
) -> None:
    import_id = in_batches.create(people(people_url))
    reached = stop_after_two_batches(in_batches, import_id)
    assert reached.position is not None
    resumed: list[Position | None] = []
    attempt, claim = attempt_of(in_batches), claim_of(in_batches)

    def open_reader(
        file: SpooledFile, definition: ImportDefinition, heartbeat: Callable[[], None]
    ) -> Reader:
        return _Noting(attempt.open_reader(file, definition, heartbeat), resumed)

    with held(in_batches, claim) as control:
        replace(attempt, open_reader=open_reader)(claim, control)

    run = in_batches.run(import_id)
    assert resumed == [reached.position]
    assert run.tally == Tally(read=ROWS, created=ROWS)
    assert run.warnings == ()
    assert in_batches.customers() == ROWS


def test_a_run_that_waits_for_a_slow_file_can_be_stopped(
    in_batches: Product, people_url: str
) -> None:
    in_batches.create(people(people_url))
    attempt, claim = attempt_of(in_batches), claim_of(in_batches)
    release = threading.Event()

    with held(in_batches, claim) as control:

        def open_reader(
            file: SpooledFile, definition: ImportDefinition, heartbeat: Callable[[], None]
        ) -> Reader:
            return _Stuck(attempt.open_reader(file, definition, heartbeat), control.stop, release)

        with pytest.raises(ShutdownError):
            replace(attempt, open_reader=open_reader)(claim, control)
        release.set()


def test_a_file_that_was_fetched_is_not_fetched_again(
    in_batches: Product, people_url: str, file_server: FileServer
) -> None:
    import_id = in_batches.create(people(people_url))
    stop_after_two_batches(in_batches, import_id)

    in_batches.settle(import_id)

    assert file_server.count("/people.csv").gets == 1


def test_a_file_that_changed_between_two_attempts_is_loaded_afresh_with_a_warning(
    in_batches: Product, people_url: str, file_server: FileServer
) -> None:
    import_id = in_batches.create(people(people_url))
    first = stop_after_two_batches(in_batches, import_id).tally.read
    in_batches.wiring.spool.clear(in_batches.run(import_id).id)  # as on another machine
    new = "".join(f"q{number}@example.com,Q\n" for number in range(10))
    file_server.put("/people.csv", "mail,name\n" + new)

    run = in_batches.settle(import_id)

    assert run.state is RunState.COMPLETED
    assert run.warnings == (f"{people_url} changed between two attempts and was loaded afresh",)
    assert run.tally == Tally(read=first + 10, created=first + 10)
    assert in_batches.customers() == first + 10


def test_rows_and_cells_that_cannot_be_used_are_faults_in_file_order(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/p.csv", "mail,age\na@x.cz,old\n,1\nb@x.cz\nc@x.cz,9\n")
    document = changed(
        people(url),
        "mapping.column_mapping.property_mappings",
        [{"from_column": "age", "to_column": "age", "target_type": "number"}],
    )
    import_id = product.create(document)

    run = product.settle(import_id)

    faults = product.wiring.stores.runs.faults_of([run.id], 10)[run.id]
    assert run.tally == Tally(read=4, created=2, rejected=2)
    assert [(fault.row, fault.code, fault.rejects_row) for fault in faults] == [
        (1, "not_a_number", False),
        (2, "missing_key", True),
        (3, "too_few_fields", True),
    ]
    assert {fault.file for fault in faults} == {url}


def styled(url: str) -> dict[str, Any]:
    """Return a definition whose price and day are written as the file has them."""
    properties = [
        {"to_column": "price", "target_type": "number"},
        {"to_column": "day", "target_type": "date"},
    ]
    return changed(people(url), "mapping.column_mapping.property_mappings", properties)


def test_how_columns_are_written_is_found_out_and_written_down(
    product: Product, file_server: FileServer
) -> None:
    rows = "a@x.cz;1.234;1/2/2024\nb@x.cz;1,5;31/12/2024\n"
    url = file_server.put("/p.csv", "mail;price;day\n" + rows)

    run = product.settle(product.create(styled(url)))

    (opened,) = run.files
    found = product.services.customers.export(product.project, {"email_id": "a@x.cz"})
    assert run.tally == Tally(read=2, created=2)
    assert run.fault_count == 0
    assert opened.read_as["numbers of 'price'"] == "decimal comma (found: '1,5' in row 2)"
    assert opened.read_as["dates of 'day'"] == "day first (found: '31/12/2024' in row 2)"
    assert found.properties == {"price": 1234, "day": "2024-02-01"}


NAMES = ["mail", "price", "day"]
PRICES: list[list[Any]] = [["a@x.cz", 1.234, date(2024, 2, 1)], ["b@x.cz", 0.25, None]]
WRITTEN = ["c@x.cz", "1,5", "2024-31-12"]
LINES = b"""{"mail":"a@x.cz","price":1.234,"day":"2024-01-02"}
{"mail":"b@x.cz","price":0.25}
{"mail":"c@x.cz","price":"1,5","day":"2024-31-12"}
"""


def given_styles(url: str) -> dict[str, Any]:
    """Return a definition that says how the texts of price and day are written."""
    properties = [
        {"to_column": "price", "target_type": "number", "decimal": ","},
        {"to_column": "day", "target_type": "date", "format": "%Y-%d-%m"},
    ]
    return changed(people(url), "mapping.column_mapping.property_mappings", properties)


def as_parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(PRICES, schema=NAMES, orient="row").write_parquet(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "count"),
    [(LINES, 3), (workbook({"Prices": [NAMES, *PRICES, WRITTEN]}), 3), (as_parquet(), 2)],
    ids=["lines", "workbook", "parquet"],
)
def test_numbers_and_dates_that_are_no_text_are_not_read_as_texts_of_their_column(
    content: bytes, count: int, product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/p", content)

    run = product.settle(product.create(given_styles(url)))

    mails = ["a@x.cz", "b@x.cz", "c@x.cz"][:count]
    found = [
        product.services.customers.export(product.project, {"email_id": mail}).properties
        for mail in mails
    ]
    assert (run.tally, run.fault_count) == (Tally(read=count, created=count), 0)
    assert (
        found
        == [
            {"price": 1.234, "day": "2024-02-01"},
            {"price": 0.25},
            {"price": 1.5, "day": "2024-12-31"},
        ][:count]
    )


def late_rows() -> str:
    """Return rows of which none of the first asks how its columns are written."""
    first = "".join(f"p{number}@x.cz;7;\n" for number in range(FIRST_ROWS))
    return first + "a@x.cz;1.234;1/2/2024\nb@x.cz;1,5;31/12/2024\nc@x.cz;x;1/2/2024\n"


def test_what_asks_late_how_it_is_written_is_answered_by_the_whole_column(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/p.csv", "mail;price;day\n" + late_rows() + ";7;\n")

    run = product.settle(product.create(styled(url)))

    (opened,) = run.files
    found = product.services.customers.export(product.project, {"email_id": "a@x.cz"})
    assert run.tally == Tally(read=FIRST_ROWS + 4, created=FIRST_ROWS + 3, rejected=1)
    assert run.fault_count == 2
    assert opened.read_as["numbers of 'price'"] == (
        f"decimal comma (found: '1,5' in row {FIRST_ROWS + 2})"
    )
    assert opened.read_as["dates of 'day'"].startswith("day first (found: '31/12/2024'")
    assert found.properties == {"price": 1234, "day": "2024-02-01"}
    (kept,) = product.wiring.stores.rejects.files(run.id)
    assert kept.file.styles == {"numbers": {"price": "comma"}, "dates": {"day": "day first"}}


def test_an_attempt_that_goes_on_reads_columns_as_the_one_before(
    in_batches: Product, file_server: FileServer
) -> None:
    """What proves how a column is written stands in rows that are loaded already."""
    rows = [f"p{number}@example.com;1.234;1/2/2024\n" for number in range(ROWS)]
    rows[0] = "p0@example.com;1,5;31/12/2024\n"
    url = file_server.put("/p.csv", "mail;price;day\n" + "".join(rows))
    import_id = in_batches.create(styled(url))
    stop_after_two_batches(in_batches, import_id)

    run = in_batches.settle(import_id)

    assert run.tally == Tally(read=ROWS, created=ROWS)
    assert run.fault_count == 0


def test_all_faults_are_counted_of_which_the_first_are_stored(
    product: Product, file_server: FileServer
) -> None:
    row = "a@x.cz" + ",x" * 10
    names = [f"n{number}" for number in range(10)]
    header = ",".join(["mail", *names])
    height = MOST_FAULTS // 10 + 50
    url = file_server.put("/p.csv", f"{header}\nshort\n" + f"{row}\n" * height)
    numbers = [{"to_column": name, "target_type": "number"} for name in names]
    document = changed(people(url), "mapping.column_mapping.property_mappings", numbers)

    run = product.settle(product.create(document))

    faults = product.wiring.stores.runs.faults_of([run.id], MOST_FAULTS + 10)[run.id]
    assert (run.fault_count, run.tally.rejected) == (10 * height + 1, 1)
    assert len(faults) == MOST_FAULTS
    assert (faults[-1].row, faults[-1].column) == (MOST_FAULTS // 10 + 1, "n8")


def test_a_lacking_property_column_is_a_warning_and_the_address_is_written_down(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", "mail\njana@example.com\n")

    run = product.settle(product.create(people(url + "?token=secret")))

    assert run.state is RunState.COMPLETED
    assert run.source_location == url + "?…"
    assert len(run.warnings) == 1
    assert "'name'" in run.warnings[0]


def test_a_lacking_key_column_stops_the_run_before_anything_is_written(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(people(file_server.put("/people.csv", "name\nJana\n")))
    claim = claim_of(product)

    with held(product, claim) as control, pytest.raises(MissingColumnError, match="'mail'") as told:
        attempt_of(product)(claim, control)

    assert str(told.value).endswith("; the file has 'name'")
    run = product.run(import_id)
    assert (run.tally, product.customers()) == (Tally(), 0)
    assert [opened.file for opened in run.files] == [run.source_location]


def test_an_empty_file_with_a_header_is_a_run_of_no_rows(
    product: Product, file_server: FileServer
) -> None:
    run = product.settle(product.create(people(file_server.put("/p.csv", "mail,name\n"))))

    assert (run.state, run.tally) == (RunState.COMPLETED, Tally())


@dataclass
class Liar:
    """A destination that forgets to count a row."""

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:  # noqa: ARG002
        """Have nothing to do ahead of writing."""
        return records

    def write(
        self,
        _connection: Connection,
        records: Records,
        _turn: Turn | None = None,
    ) -> Tally:
        """Count one row less than there are."""
        return Tally(read=records.frame.height, created=records.frame.height - 1)


def test_counts_that_do_not_add_up_are_an_error(product: Product, file_server: FileServer) -> None:
    product.create(people(file_server.put("/people.csv", PEOPLE)))
    claim = claim_of(product)

    def open_session(claim: Claim, definition: ImportDefinition) -> LoadSession:  # noqa: ARG001
        run = claim.run
        return LoadSession(product.wiring.engine, Liar(), run_id=run.id, token=run.token)

    with (
        held(product, claim) as control,
        pytest.raises(ReconcileError, match="the counts do not add up"),
    ):
        replace(attempt_of(product), open_session=open_session)(claim, control)


def test_a_lost_run_writes_nothing_more(in_batches: Product, people_url: str) -> None:
    import_id = in_batches.create(people(people_url))
    claim = claim_of(in_batches)
    in_batches.pass_time(61)
    in_batches.wiring.stores.runs.reap()

    with held(in_batches, claim) as control, pytest.raises(LostLeaseError):
        attempt_of(in_batches)(claim, control)

    assert in_batches.customers() == 0
    assert in_batches.run(import_id).state is RunState.QUEUED


def test_a_location_of_the_run_is_where_it_loads_from(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(people(file_server.url("/missing.csv")))
    claim = claim_of(product)
    other = replace(claim, run=replace(claim.run, location=file_server.put("/other.csv", PEOPLE)))

    with held(product, claim) as control:
        attempt_of(product)(other, control)

    assert product.run(import_id).source_location == file_server.url("/other.csv")
    assert product.customers() == 2


def test_a_source_that_refuses_is_named(product: Product, file_server: FileServer) -> None:
    product.create(people(file_server.url("/missing.csv")))
    claim = claim_of(product)

    with held(product, claim) as control, pytest.raises(SourceRefusedError, match="404"):
        attempt_of(product)(claim, control)


def test_items_go_into_a_catalog_that_was_deleted_meanwhile_and_is_made_anew(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/items.csv", "item_id,title\na,A\nb,B\n")
    import_id = product.create(catalog(url, "Shoes"))
    (made,) = product.services.catalogs.list(product.project, 10, 0).items
    product.services.catalogs.delete(product.project, made.id)

    run = product.settle(import_id)

    (anew,) = product.services.catalogs.list(product.project, 10, 0).items
    assert run.tally == Tally(read=2, created=2)
    assert product.services.catalogs.items(product.project, anew.id, (10, 0)).total == 2


def test_forgetting_removes_what_was_fetched(in_batches: Product, people_url: str) -> None:
    import_id = in_batches.create(people(people_url))
    stop_after_two_batches(in_batches, import_id)
    run_id = in_batches.run(import_id).id
    assert in_batches.wiring.spool.runs() == [run_id]

    attempt_of(in_batches).forget(run_id)

    assert in_batches.wiring.spool.runs() == []


class _Noting:
    """A reader that notes where it is asked to go on."""

    def __init__(self, reader: Reader, resumed: list[Position | None]) -> None:
        self._reader = reader
        self._resumed = resumed
        self.header = reader.header
        self.named = reader.named
        self.evidence = reader.evidence

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        self._resumed.append(resume)
        return self._reader.batches(resume)


class _Stuck:
    """A reader that gives nothing; while it is waited for, the service stops."""

    def __init__(self, reader: Reader, stop: threading.Event, release: threading.Event) -> None:
        self._stop = stop
        self._release = release
        self.header = reader.header
        self.named = reader.named
        self.evidence = reader.evidence

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:  # noqa: ARG002
        self._stop.set()
        self._release.wait(30)
        yield from ()
