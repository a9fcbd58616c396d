"""Runs asked for: looked at first, refused with a reason, or queued once."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from definitions.errors import InvalidError, LimitError, NotFoundError, RequestError
from definitions.faults import FaultCode
from definitions.lifecycle import Cause, RunState
from destinations.engine import reading as reading_engine
from importmgr.services.runs import FAULTS_SHOWN, StartRun
from tests.acceptance.documents import PEOPLE, changed, idle, people
from tests.file_server import FileServer, Status
from tests.product import AS_IT_IS, Product
from tests.stores import ORIGIN

LOOK_FIRST = StartRun()


def test_a_started_run_is_queued_with_its_cause(product: Product, file_server: FileServer) -> None:
    import_id = product.create(idle(people(file_server.put("/people.csv", PEOPLE))))

    run = product.start(import_id, LOOK_FIRST)

    assert (run.state, run.cause, run.location) == (RunState.QUEUED, Cause.MANUAL, None)
    assert file_server.count("/people.csv").gets == 0


def test_a_run_has_the_priority_of_its_definition_or_its_own(product: Product) -> None:
    import_id = product.create(changed(idle(people()), "priority", 5))

    assert product.start(import_id).priority == 5
    assert product.start(import_id, StartRun(test_connection=False, priority=-1)).priority == -1


def test_a_source_that_cannot_be_read_is_told_and_nothing_queued(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(idle(people(file_server.put("/people.csv", PEOPLE))))
    file_server.always("/people.csv", Status(status=503))

    with pytest.raises(RequestError, match=r"the source cannot be read: .*503"):
        product.start(import_id, LOOK_FIRST)

    assert product.runs(import_id) == ()


def test_a_run_may_be_queued_without_a_look_at_the_source(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(idle(people(file_server.url("/missing.csv"))))

    assert product.start(import_id, AS_IT_IS).state is RunState.QUEUED
    assert file_server.seen == []


def test_an_inactive_definition_may_be_started(product: Product, file_server: FileServer) -> None:
    document = people(file_server.put("/people.csv", PEOPLE))
    import_id = product.create(changed(document, "active", value=False))

    assert product.start(import_id, LOOK_FIRST).state is RunState.QUEUED


def test_a_location_holds_for_one_run_and_is_relative_to_the_definitions_own(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(idle(people(file_server.url("/daily/people.csv"))))
    file_server.put("/daily/yesterday.csv", PEOPLE)

    run = product.start(import_id, StartRun(location="yesterday.csv"))

    assert run.location == "yesterday.csv"
    assert product.start(import_id, AS_IT_IS).location is None
    assert product.settle(import_id).state is not RunState.COMPLETED  # the first one in turn
    assert product.run(import_id, run.id).state is RunState.COMPLETED
    assert product.customers() == 2


@pytest.mark.parametrize(
    "location", ["ftp://files.example.test/x", "http://user:pw@x/", "http://", "a\nb"]
)
def test_a_location_that_cannot_be_one_is_refused(product: Product, location: str) -> None:
    import_id = product.create(idle(people()))

    with pytest.raises(InvalidError) as caught:
        product.start(import_id, StartRun(location=location, test_connection=False))

    assert list(caught.value.problems) == ["path"]
    assert product.runs(import_id) == ()


def test_a_missing_proxy_is_told_to_whoever_asks(product: Product) -> None:
    import_id = product.create(idle(changed(people(), "source.use_socks_proxy", value=True)))

    for command in (LOOK_FIRST, AS_IT_IS):
        with pytest.raises(RequestError, match="set IMPORTMGR_SOCKS_PROXY"):
            product.start(import_id, command)
    assert product.runs(import_id) == ()


def test_one_run_too_many_is_refused_and_told_when_to_return(product: Product) -> None:
    import_id = product.create(idle(people()))
    for _ in range(product.wiring.settings.max_waiting_runs):
        product.start(import_id)

    with pytest.raises(LimitError, match="100 runs of import") as caught:
        product.start(import_id)

    assert caught.value.retry_after
    assert len(product.runs(import_id)) == 100


def test_looking_at_a_source_queues_nothing(product: Product, file_server: FileServer) -> None:
    import_id = product.create(idle(people(file_server.put("/people.csv", PEOPLE))))
    check = product.services.runs.check_source

    check(product.project, import_id, ORIGIN, None)

    with pytest.raises(RequestError, match=r"the source cannot be read: .*404"):
        check(product.project, import_id, ORIGIN, "/other.csv")
    assert product.runs(import_id) == ()


def test_a_run_is_shown_with_its_first_faults(product: Product, file_server: FileServer) -> None:
    bad = "".join(f",{number}\n" for number in range(FAULTS_SHOWN + 5))
    import_id = product.create(people(file_server.put("/people.csv", "mail,name\n" + bad)))
    run = product.settle(import_id)

    report = product.services.runs.show(product.project, import_id, ORIGIN, run.id)

    assert report.run == run
    assert report.run.fault_count == FAULTS_SHOWN + 5
    assert [fault.row for fault in report.faults] == list(range(1, FAULTS_SHOWN + 1))
    assert {fault.code for fault in report.faults} == {FaultCode.MISSING_KEY}


def test_runs_are_listed_page_by_page_newest_first(product: Product) -> None:
    import_id = product.create(idle(people()))
    asked = [product.start(import_id).id for _ in range(3)]

    page = product.services.runs.list(product.project, import_id, ORIGIN, (2, 1))

    assert [report.run.id for report in page.items] == [asked[1], asked[0]]
    assert page.total == 3


def test_listed_runs_come_with_their_first_faults_whatever_their_number(
    product: Product, file_server: FileServer
) -> None:
    bad = "".join(f",{number}\n" for number in range(FAULTS_SHOWN + 5))
    import_id = product.create(people(file_server.put("/people.csv", "mail,name\n" + bad)))
    for _ in range(3):
        product.settle(import_id)
        product.start(import_id)
    show = product.services.runs.show
    statements: list[str] = []
    note = lambda *args: statements.append(args[2])  # noqa: E731
    for engine in (product.wiring.engine, reading_engine(product.wiring.engine)):
        sa.event.listen(engine, "before_cursor_execute", note)

    listed = product.services.runs.list(product.project, import_id, ORIGIN, (10, 0)).items

    assert sum("run_faults" in statement for statement in statements) == 1
    assert [len(report.faults) for report in listed] == [0, *[FAULTS_SHOWN] * 3]
    assert list(listed) == [
        replace(show(product.project, import_id, ORIGIN, report.run.id), attempts=())
        for report in listed
    ]


def test_a_run_of_another_definition_is_not_found(product: Product) -> None:
    import_id, other = product.create(idle(people())), product.create(idle(people()))
    run = product.start(other)

    with pytest.raises(NotFoundError, match=f"import {import_id!r} has no run {run.id!r}"):
        product.services.runs.show(product.project, import_id, ORIGIN, run.id)


def test_nothing_of_an_unknown_definition_can_be_asked(product: Product) -> None:
    runs, project = product.services.runs, product.project

    for ask in (
        lambda: runs.start(project, "nope", ORIGIN, LOOK_FIRST, Cause.MANUAL),
        lambda: runs.check_source(project, "nope", ORIGIN, None),
        lambda: runs.list(project, "nope", ORIGIN, (1, 0)),
        lambda: runs.show(project, "nope", ORIGIN, "nope"),
    ):
        with pytest.raises(NotFoundError, match="no import 'nope'"):
            ask()


def test_a_look_that_would_wait_for_its_turn_is_one_too_many(
    small_product: Product, file_server: FileServer
) -> None:
    """Not the source's fault, and so no bad request."""
    slow = small_product.beside(source_requests_per_minute=1)
    import_id = slow.create(idle(people(file_server.put("/people.csv", PEOPLE))))
    check = slow.services.runs.check_source
    check(slow.project, import_id, ORIGIN, None)

    with pytest.raises(LimitError, match=r"budget to '127\.0\.0\.1' is used up") as caught:
        check(slow.project, import_id, ORIGIN, None)
    with pytest.raises(LimitError):
        slow.start(import_id, LOOK_FIRST)

    assert caught.value.retry_after == 60
    assert file_server.count("/people.csv").heads == 1
    assert slow.runs(import_id) == ()
    slow.close()


def test_a_look_waits_a_moment_for_its_turn(
    small_product: Product, file_server: FileServer
) -> None:
    slow = small_product.beside(source_requests_per_minute=1)
    import_id = slow.create(idle(people(file_server.put("/people.csv", PEOPLE))))
    check = slow.services.runs.check_source
    check(slow.project, import_id, ORIGIN, None)
    slow.clock.move(59)

    check(slow.project, import_id, ORIGIN, None)

    assert file_server.count("/people.csv").heads == 2
    slow.close()


def test_runs_of_a_whole_project_are_those_of_its_definitions(small_product: Product) -> None:
    mine = [small_product.create(idle(people())) for _ in range(3)]
    started = [small_product.start(each).id for each in mine]
    other = small_product.services.projects.create("Other")
    small_product.services.definitions.delete(small_product.project, mine[0], ORIGIN)
    small_product.services.dry_runs.start(small_product.project, mine[1], ORIGIN)
    list_all = small_product.services.runs.everywhere

    found = list_all(small_product.project, ORIGIN, (10, 0))

    assert [report.run.id for report in found.items] == [started[2], started[1]]
    assert list_all(other, ORIGIN, (10, 0)).total == 0
