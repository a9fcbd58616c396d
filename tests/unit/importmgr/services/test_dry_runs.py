"""Dry runs: what a definition would do, told, and nothing done."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from definitions.batches import Tally
from definitions.errors import ConflictError, InvalidError, NotFoundError
from definitions.lifecycle import Cause, RunState
from destinations.rehearsal import TABLES
from destinations.tables import metadata
from importmgr.store.audit import AuditFilter
from importmgr.store.dry_runs import DryRun
from importmgr.store.tables import definitions
from tests.acceptance.documents import PEOPLE, changed, idle, people
from tests.file_server import FileServer
from tests.product import Product, wait_until, working
from tests.stores import LEASE, ORIGIN

ROWS = PEOPLE + "jana@example.com,Jana!\n,Nobody\n"


def settled(product: Product, run_id: str) -> DryRun:
    """Let an executor work until the dry run has ended."""

    def show() -> DryRun:
        return product.services.dry_runs.show(product.project, run_id)

    with working(product.wiring.executor("test")):
        wait_until(lambda: show().run.finished_at)
    return show()


def dump(product: Product) -> dict[str, list[str]]:
    """Return everything but what tells of runs and of requests to sources."""
    own = {"attempts", "audit", "dry_runs", "definitions", "rate_hits"}
    with product.wiring.engine.begin() as connection:
        return {
            table.name: sorted(repr(row) for row in connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
            if table.name not in own and not table.name.startswith("run")
        }


def test_the_audit_log_tells_who_asked_for_a_dry_run_and_who_ended_it(product: Product) -> None:
    import_id = product.create(idle(people()))
    stored = product.services.dry_runs.start(product.project, import_id, ORIGIN)
    unsaved = product.services.dry_runs.start_unsaved(product.project, idle(people()))
    for run_id in (stored, unsaved):
        product.services.dry_runs.cancel(product.project, run_id)
    with pytest.raises(ConflictError):
        product.services.dry_runs.cancel(product.project, stored)  # which leaves no line

    lines = product.services.audit.everywhere(AuditFilter(), 4, 0).items
    of = {"import_id": import_id}
    assert [(line.action, line.what, line.after) for line in lines] == [
        ("dry_run.cancelled", unsaved, {}),
        ("dry_run.cancelled", stored, of),
        ("dry_run.started", unsaved, {}),
        ("dry_run.started", stored, of),
    ]


def test_a_dry_run_tells_what_a_run_would_do(product: Product, file_server: FileServer) -> None:
    import_id = product.create(people(file_server.put("/people.csv", PEOPLE)))
    product.settle(import_id)
    file_server.put("/people.csv", ROWS + "new@example.com,New\n")
    known, runs = dump(product), product.runs(import_id)

    found = settled(product, product.services.dry_runs.start(product.project, import_id, ORIGIN))

    assert dump(product) == known
    assert product.runs(import_id) == runs
    assert (found.run.state, found.run.cause) == (RunState.COMPLETED, Cause.DRY_RUN)
    assert found.run.tally == Tally(read=5, created=1, updated=1, unchanged=2, rejected=1)
    assert found.definition_id == import_id
    report: Any = found.report
    [updated] = report["samples"]["updated"]
    assert (updated["before"], updated["after"]) == (
        {"first_name": "Jana"},
        {"first_name": "Jana!"},
    )
    [rejected] = report["samples"]["rejected"]
    assert (rejected["line"], rejected["text"]) == (5, ",Nobody")
    assert report["fault_counts"] == [{"code": "missing_key", "column": "mail", "count": 1}]
    [file] = report["files"]
    assert [(column["name"], column["filled"]) for column in file["columns"]] == [
        ("mail", 4),
        ("name", 5),
    ]
    product.start(import_id)
    assert product.settle(import_id).tally == found.run.tally


def test_a_definition_that_is_not_stored_can_be_tried(
    product: Product, file_server: FileServer
) -> None:
    document = people(file_server.put("/people.csv", ROWS))
    known = dump(product)

    run_id = product.services.dry_runs.start_unsaved(product.project, document)
    found = settled(product, run_id)

    assert dump(product) == known
    assert found.run.tally == Tally(read=4, created=2, updated=1, rejected=1)
    assert found.definition_id is None
    assert product.services.definitions.list(product.project, ORIGIN, 10, 0).total == 0


def test_a_dry_run_waits_for_no_run_of_its_definition(
    product: Product, file_server: FileServer
) -> None:
    import_id = product.create(idle(people(file_server.put("/people.csv", PEOPLE))))
    product.start(import_id)
    claim = product.wiring.stores.runs.claim("slow", LEASE)
    assert claim is not None

    found = settled(product, product.services.dry_runs.start(product.project, import_id, ORIGIN))

    assert found.run.state is RunState.COMPLETED


def test_a_dry_run_tells_which_brakes_would_act_and_is_stopped_by_none(
    product: Product, file_server: FileServer
) -> None:
    document = people(file_server.put("/people.csv", "mail,name\n,A\n,B\n"))
    document["brakes"] = {
        "max_rejected": {"action": "fail", "rows": 1},
        "empty_file": "pause",
        "new_columns": "pause",
    }
    found = settled(product, product.services.dry_runs.start_unsaved(product.project, document))
    file_server.put("/people.csv", "mail,name\n")
    empty = settled(product, product.services.dry_runs.start_unsaved(product.project, document))
    import_id = product.create(idle(document))
    file_server.put("/people.csv", "mail,name\na@example.com,A\n")
    product.start(import_id)
    product.settle(import_id)
    file_server.put("/people.csv", "mail,name,more\na@example.com,A,1\n")
    stored = settled(product, product.services.dry_runs.start(product.project, import_id, ORIGIN))

    told = []
    for each in (found, empty, stored):
        assert each.run.state is RunState.COMPLETED
        report: Any = each.report
        told.append([(one["brake"], one["action"], one["text"]) for one in report["brakes"]])
    url = file_server.url("/people.csv")
    assert told == [
        [("max_rejected", "fail", "2 of 2 rows rejected, more than 1")],
        [("empty_file", "pause", f"{url} has no rows")],
        [("new_columns", "pause", "columns that were not there before and are not mapped: 'more'")],
    ]


def test_what_stops_a_run_stops_a_dry_run(product: Product, file_server: FileServer) -> None:
    document = people(file_server.put("/people.csv", "name\nJana\n"))

    found = settled(product, product.services.dry_runs.start_unsaved(product.project, document))

    assert (found.run.state, found.report) == (RunState.FAILED, None)
    assert "'mail'" in (found.run.error or "")
    with product.wiring.engine.begin() as connection:
        assert connection.execute(sa.select(definitions.c.document)).scalars().all() == [{}]


def test_a_wrong_definition_is_refused_at_once(product: Product) -> None:
    document = changed(people(), "destination", {})

    with pytest.raises(InvalidError):
        product.services.dry_runs.start_unsaved(product.project, document)
    with pytest.raises(NotFoundError):
        product.services.dry_runs.start(product.project, "f" * 24, ORIGIN)


def test_dry_runs_are_seen_in_their_project_only(product: Product) -> None:
    run_id = product.services.dry_runs.start_unsaved(product.project, people())
    other = product.services.projects.create("Other")

    assert product.services.dry_runs.show(product.project, run_id).run.state is RunState.QUEUED
    for project, unknown in ((other, run_id), (product.project, "f" * 24)):
        with pytest.raises(NotFoundError, match="there is no dry run"):
            product.services.dry_runs.show(project, unknown)


def test_passwords_go_along_and_are_gone_afterwards(
    product: Product, file_server: FileServer
) -> None:
    document = people(file_server.put("/private.csv", PEOPLE))
    file_server.protect("/private.csv", "importer", "correct horse")
    login = {"username": "importer", "password": "correct horse"}
    import_id = product.create(idle(changed(document, "source.auth", login)))

    found = settled(product, product.services.dry_runs.start(product.project, import_id, ORIGIN))

    assert found.run.tally.created == 2
    assert [known for known, _ in product.wiring.stores.definitions.secrets()] == [import_id]


def test_tables_of_loaded_data_are_what_is_rehearsed() -> None:
    assert {table.name for table in TABLES} == {
        "catalogs",
        "catalog_items",
        "customers",
        "customer_ids",
        "events",
    }
