from __future__ import annotations

import csv
import io
import json

import pytest
import sqlalchemy as sa

from definitions.batches import Tally
from definitions.errors import ConflictError, NotFoundError, RequestError
from definitions.lifecycle import Cause, RunCommand, RunState
from definitions.sentences import sentence
from importmgr.services.control import RunOrder
from importmgr.services.faults import FaultQuery
from importmgr.services.rejects import Form, RejectQuery
from importmgr.services.repairs import Correction
from importmgr.store.audit import AuditFilter
from importmgr.store.repairs import RepairCounts
from importmgr.store.runs import Run
from importmgr.store.tables import deliveries
from tests.acceptance.documents import changed, idle, people
from tests.file_server import FileServer
from tests.product import Product, wait_until, working
from tests.stores import ORIGIN

ROWS = "mail,name,age\na@example.com,A,1\n,B,2\nc@example.com,C,3,4\n,D,x\n"
HEAD = b"_line,_row,_error_code,_error_column,_error,mail,name,age\n"


@pytest.fixture
def run(product: Product, file_server: FileServer) -> Run:
    """A run of which rows 2, 3 and 4 were rejected; row 4 has two faults."""
    document = people(file_server.put("/people.csv", ROWS))
    age = {"from_column": "age", "to_column": "age", "target_type": "number"}
    path = "mapping.column_mapping.property_mappings"
    mappings = [*document["mapping"]["column_mapping"]["property_mappings"], age]
    made = product.settle(product.create(changed(document, path, mappings)))
    assert (made.tally, made.fault_count) == (Tally(read=4, created=1, rejected=3), 4)
    return made


def repair(product: Product, run: Run, content: bytes) -> str:
    given = Correction(content=content, part=None, asked_by="key")
    return product.services.repairs.start(product.project, run.definition_id, ORIGIN, run.id, given)


def repaired(product: Product, run: Run, content: bytes) -> tuple[Run, Run]:
    """Return the repair and the run after it."""
    queued = repair(product, run, content)
    done = product.settle(run.definition_id)
    assert (done.id, done.cause, done.state) == (queued, Cause.REPAIR, RunState.COMPLETED)
    return done, product.run(run.definition_id, run.id)


def faults(product: Product, run: Run) -> list[tuple[int, str]]:
    found = product.services.faults.list(
        product.project, run.definition_id, ORIGIN, run.id, FaultQuery(limit=10)
    )
    return [(fault.row, fault.code.value) for fault in found.faults]


MALFORMED = (
    'id,name,age\n"q","1, 2",3\n"r","3, 4",5\n"s","5, 6",7\n'
    'fewA,John\nSmith,33\nwide,W,1,2\nstray,"a"b,4\n1,\n"open,q,8\n'
)
FEW, WIDE, STRAY, OPEN = "too_few_fields", "too_many_fields", "stray_quote", "unclosed_quote"
KINDS = [(4, FEW), (5, FEW), (6, WIDE), (7, STRAY), (8, FEW), (9, OPEN)]


@pytest.fixture
def malformed(product: Product, file_server: FileServer) -> Run:
    """A run that rejected every kind of malformed row, and loaded three others."""
    document = people(file_server.put("/few.csv", MALFORMED))
    path = "mapping.column_mapping"
    columns = {
        "id_mappings": [{"from_column": "id", "to_id": "email_id"}],
        "property_mappings": [{"from_column": "name", "to_column": "name"}],
    }
    made = product.settle(product.create(changed(document, path, columns)))
    assert (made.tally, made.fault_count) == (Tally(read=9, created=3, rejected=6), 6)
    return made


def handed_out(product: Product, run: Run, form: Form) -> bytes:
    query = RejectQuery(form=form)
    found = product.services.rejects.open(product.project, run.definition_id, ORIGIN, run.id, query)
    return b"".join(found.pieces)


def saved(content: bytes) -> list[list[str]]:
    """Return the cells as a spreadsheet writes them: every row as wide as the widest."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(rows)
    return text.getvalue().encode("utf-16")


@pytest.mark.parametrize("is_saved", [True, False])
@pytest.mark.parametrize("form", list(Form))
def test_malformed_rows_that_nobody_changed_stay_rejected_as_they_were(
    product: Product, malformed: Run, form: Form, *, is_saved: bool
) -> None:
    content = handed_out(product, malformed, form)
    before = product.services.faults.list(
        product.project, malformed.definition_id, ORIGIN, malformed.id, FaultQuery(limit=10)
    )

    done, after = repaired(product, malformed, written(saved(content)) if is_saved else content)

    assert done.tally == Tally(read=6, rejected=6)
    [warning] = done.warnings
    assert warning.startswith("6 rows came back as handed out, rejected still: correct them")
    assert (after.tally, after.fault_count) == (malformed.tally, 6)
    assert faults(product, malformed) == KINDS
    now = product.services.faults.list(
        product.project, malformed.definition_id, ORIGIN, malformed.id, FaultQuery(limit=10)
    )
    assert [each.message for each in now.faults] == [each.message for each in before.faults]
    assert handed_out(product, malformed, form) == content
    assert product.customers() == 3


def test_malformed_rows_that_were_changed_or_accepted_are_loaded(
    product: Product, malformed: Run
) -> None:
    rows = saved(handed_out(product, malformed, Form.SPREADSHEET))
    code, name, surplus = rows[0].index("_error_code"), rows[0].index("name"), -1
    rows[1][name + 1] = "40"
    rows[2][code] = "ok"
    rows[3][name] = "too many still"
    rows[4] = [*rows[4][:code], "", "", "", *rows[4][code + 3 :]]  # what is wrong is not looked at
    rows[5][name] = "E"

    done, after = repaired(product, malformed, written(rows))

    assert done.tally == Tally(read=6, created=3, rejected=3)
    assert after.tally == Tally(read=9, created=6, rejected=3)
    expected = [KINDS[2], KINDS[3], KINDS[5]]
    assert faults(product, malformed) == expected
    rows[3][surplus] = ""
    done, _ = repaired(product, malformed, written(rows))
    assert done.tally == Tally(read=6, created=1, rejected=2, skipped=3)


def test_corrected_rows_are_loaded_in_the_place_of_rejected_ones(
    product: Product, run: Run
) -> None:
    content = HEAD + b"3,2,,,,b@example.com,B,2\n4,3,,,,c@example.com,C,3\n5,4,,,,d@x.y,D,4\n"

    done, after = repaired(product, run, content)

    assert done.tally == Tally(read=3, created=3)
    assert after.tally == Tally(read=4, created=4)
    assert (after.state, after.fault_count, faults(product, run)) == (RunState.COMPLETED, 0, [])
    assert product.customers() == 4
    with pytest.raises(NotFoundError, match="has no rejected rows"):
        repair(product, run, content)


def test_rows_that_are_bad_still_stay_rejected_with_their_new_faults(
    product: Product, run: Run
) -> None:
    content = HEAD + b"3,2,,,,,B,7\n4,3,,,,c@example.com\n5,4,,,,d@x.y,D,x\n"

    done, after = repaired(product, run, content)

    assert done.tally == Tally(read=3, created=1, rejected=2)
    assert after.tally == Tally(read=4, created=2, rejected=2)
    expected = [(2, "missing_key"), (3, "too_few_fields"), (4, "not_a_number")]
    assert (faults(product, run), faults(product, done)) == (expected, expected)
    assert (after.fault_count, done.fault_count) == (3, 3)
    query = RejectQuery(form=Form.ORIGINAL)
    left = product.services.rejects.open(product.project, run.definition_id, ORIGIN, run.id, query)
    assert b"".join(left.pieces).splitlines()[1:] == [
        b"3,2,missing_key,mail,the row has no id: fill 'mail',,B,7",
        b'4,3,too_few_fields,,"expected 3 fields, found 1",c@example.com',
    ]
    assert done.warnings == ()


def test_rows_that_came_back_as_they_were_or_are_not_known_are_told_of(
    product: Product, run: Run
) -> None:
    content = HEAD + b"3,2,,,,,B,2\n4,3,,,,c@example.com,C,3,4\n9,9,,,,z@x.y,Z,9\n5,4,,,,,D,y\n"

    done, _ = repaired(product, run, content)

    assert done.tally == Tally(read=4, rejected=3, skipped=1)
    untouched, skipped = done.warnings
    assert untouched.startswith("2 rows came back as handed out")
    assert skipped.startswith("1 row skipped")
    [told] = product.services.repairs.list(product.project, run.definition_id, ORIGIN, run.id)
    assert told.counts == RepairCounts(untouched=2)


def test_rows_that_are_given_up_wait_no_more(product: Product, run: Run) -> None:
    rows = b"3,2,discard,,,,B,2\n4,3,Discard,,,c@example.com,C,3,4\n5,4,,,,d@x.y,D,4\n"

    done, after = repaired(product, run, HEAD + rows)

    assert (done.tally, done.warnings) == (Tally(read=3, created=1, skipped=2), ())
    assert after.tally == Tally(read=4, created=2, skipped=2)
    assert (after.state, after.fault_count, faults(product, run)) == (RunState.COMPLETED, 0, [])
    assert product.customers() == 2
    with pytest.raises(NotFoundError, match="has no rejected rows"):
        handed_out(product, run, Form.ORIGINAL)
    wanted = AuditFilter(action="run.discarded")
    [entry], _ = product.wiring.stores.audit.list(wanted, 10, 0)
    assert (entry.actor, entry.what) == ("key", run.id)
    assert entry.after == {"repair": done.id, "file": 1, "count": 2, "rows": [2, 3]}
    [told] = product.services.repairs.list(product.project, run.definition_id, ORIGIN, run.id)
    assert told.counts == RepairCounts(discarded=2)


def test_malformed_rows_are_loaded_as_they_were_parted_when_a_person_says_so(
    product: Product, malformed: Run
) -> None:
    content = handed_out(product, malformed, Form.ORIGINAL)
    for code in (FEW, WIDE, STRAY, OPEN):
        content = content.replace(code.encode(), b"ok")

    done, after = repaired(product, malformed, content)

    assert done.tally == Tally(read=6, created=5, rejected=1)
    assert (after.tally, faults(product, malformed)) == (
        Tally(read=9, created=8, rejected=1),
        [(6, WIDE)],
    )
    assert "unless they have cells behind the last column" in done.warnings[0]


def test_the_same_rows_handed_in_twice_are_loaded_once(product: Product, run: Run) -> None:
    content = HEAD + b"3,2,,,,b@example.com,B,2\n3,2,,,,again@example.com,B,2\n9,9,,,,z@x.y,,\n"
    first, second = (repair(product, run, content) for _ in range(2))
    with working(product.wiring.executor("test")):
        wait_until(lambda: product.run(run.definition_id, second).finished_at)

    tallies = [product.run(run.definition_id, each).tally for each in (first, second)]

    assert sorted((tally.created, tally.skipped) for tally in tallies) == [(0, 3), (1, 2)]
    assert product.run(run.definition_id, run.id).tally == Tally(read=4, created=2, rejected=2)
    assert product.customers() == 2


def test_repairs_are_told_with_who_and_how_many(product: Product, run: Run) -> None:
    repaired(product, run, HEAD + b"3,2,,,,b@example.com,B,2\n")

    [told] = product.services.repairs.list(product.project, run.definition_id, ORIGIN, run.id)

    assert (told.asked_by, told.part, told.run.tally.created) == ("key", 1, 1)
    assert told.size == len(HEAD) + len(b"3,2,,,,b@example.com,B,2\n")


def test_a_file_that_nobody_handed_out_fails_with_the_reason(product: Product, run: Run) -> None:
    queued = repair(product, run, b"mail,name,age\nb@example.com,B,2\n")
    done = product.settle(run.definition_id)

    assert (done.id, done.state) == (queued, RunState.FAILED)
    assert "lacks the columns '_row'" in (done.error or "")
    with pytest.raises(ConflictError, match="is a repair and has no files of its own"):
        product.services.control.rerun(product.project, run.definition_id, ORIGIN, queued)


def test_a_repair_that_was_cancelled_can_be_retried(product: Product, run: Run) -> None:
    queued = repair(product, run, HEAD + b"3,2,,,,b@example.com,B,2\n")
    for command in (RunCommand.CANCEL, RunCommand.RETRY):
        order = RunOrder(run_id=queued, command=command)
        product.services.control.tell(product.project, run.definition_id, ORIGIN, order)

    done = product.settle(run.definition_id)

    assert (done.id, done.tally) == (queued, Tally(read=1, created=1))


def test_a_repeated_run_knows_nothing_of_repairs(product: Product, run: Run) -> None:
    repaired(product, run, HEAD + b"3,2,,,,b@example.com,B,2\n")
    control = product.services.control

    again = control.rerun(product.project, run.definition_id, ORIGIN, run.id)
    done = product.settle(run.definition_id)

    assert (done.id, done.tally) == (again, Tally(read=4, unchanged=1, rejected=3))
    assert product.run(run.definition_id, run.id).tally == Tally(read=4, created=2, rejected=2)


def test_a_file_without_rows_fails_with_the_reason(product: Product, run: Run) -> None:
    repair(product, run, HEAD)
    done = product.settle(run.definition_id)

    assert done.state is RunState.FAILED
    assert "hold no row; hand in the rejected rows" in (done.error or "")


def test_only_runs_that_have_ended_are_repaired(product: Product) -> None:
    run = product.start(product.create(idle(people())))

    with pytest.raises(ConflictError, match="is queued; wait for its end"):
        repair(product, run, HEAD)


def test_an_empty_file_is_refused(product: Product, run: Run) -> None:
    with pytest.raises(RequestError, match="the file is empty"):
        repair(product, run, b" \n")


def test_who_is_told_of_a_failed_repair_reads_how_to_hand_rows_in_again(
    product: Product, file_server: FileServer
) -> None:
    document = {"url": "https://hooks.example.test", "events": ["run.failed"]}
    product.services.receivers["webhook"].create(product.project, document)
    import_id = product.create(people(file_server.put("/people.csv", "mail,name\n,A\n")))
    run = product.settle(import_id)
    given = Correction(content=b"\x00\x01", part=None, asked_by="key")
    product.services.repairs.start(product.project, import_id, ORIGIN, run.id, given)
    product.settle(import_id)

    with product.wiring.engine.connect() as connection:
        [body] = connection.execute(sa.select(deliveries.c.body)).scalars()
    said = json.loads(body)["data"]
    assert said["summary"].startswith("Corrected rows of import 'People' were not loaded: ")
    assert said["remedy"].endswith(f"importmgr runs repair {import_id} {run.id} FILE")
    page = product.services.schedules.decisions(product.project, import_id, ORIGIN, (1, 0), None)
    [decided] = page.items
    told = sentence(decided.code, decided.facts)
    assert told.startswith(f"a repair of run {run.id} failed: 'corrected rows of ")


def test_bytes_that_windows_1252_has_no_character_for_are_corrected_as_they_were_read(
    product: Product, file_server: FileServer
) -> None:
    name = b"\x8elu\x9d"  # Czech in its own code page, which nobody said
    url = file_server.put("/people.csv", b'mail,name\n,"%b"\nb@example.com,"%b"\n' % (name, name))
    run = product.settle(product.create(people(url)))
    content = handed_out(product, run, Form.ORIGINAL)
    assert name in content

    done, after = repaired(product, run, content.replace(b",,", b",a@example.com,", 1))

    assert done.tally == Tally(read=1, created=1)
    assert after.tally == Tally(read=2, created=2)
