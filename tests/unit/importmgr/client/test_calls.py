"""The calls of the API: what they send, what they make of the answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from definitions.errors import RequestError
from importmgr.client import Client, Created, Patience
from tests.api_server import ApiServer

ID, RUN = "66f0c1d2e3a4b5c6d7e8f901", "66f0c1d2e3a4b5c6d7e8f902"


@pytest.fixture
def client(api_server: ApiServer) -> Client:
    patience = Patience(timeout=5, sleep=lambda _: None)
    return Client(api_server.url, "key", "secret", "prj/1", patience)


def run_document(**changes: object) -> dict[str, Any]:
    counts = ("processed", "created", "updated", "unchanged", "failed", "skipped")
    return {
        "run_id": RUN,
        "status": "running",
        "rows_total": None,
        **{f"rows_{name}": number for number, name in enumerate(counts)},
        "errors": [],
        "errors_total": 0,
        "warnings": [],
        "error": None,
        "reason": None,
        **changes,
    }


def test_the_clock_is_read(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True, "errors": [], "time": 1533663283.89})

    assert client.system_time() == 1533663283.89
    assert api_server.seen[0].path == "/track/v2/projects/prj%2F1/system/time"


def test_a_definition_is_created_from_its_document(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True, "import_id": ID})

    assert client.definitions.create({"name": "D"}) == ID
    assert api_server.seen[0].method == "POST"
    assert api_server.seen[0].path == "/imports/v1/prj%2F1"
    assert api_server.seen[0].body == {"name": "D"}


def test_warnings_come_with_a_new_definition(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True, "import_id": ID, "warnings": ["never fires"]})

    assert client.definitions.submit({}) == Created(id=ID, warnings=("never fires",))


def test_next_runs_are_asked_for_from_a_moment_on(api_server: ApiServer, client: Client) -> None:
    row = {"at": 1774746000, "local": "2026-03-29T03:00:00+02:00", "note": "gap"}
    api_server.answer({"success": True, "active": True, "next_runs": [row]})
    api_server.answer({"success": True, "active": True, "next_runs": []})

    (found,) = client.definitions.next_runs(ID, 1, 1774695600.5)
    assert client.definitions.next_runs(ID) == ()

    assert (found.at, found.local, found.note) == tuple(row.values())
    assert [seen.path for seen in api_server.seen] == [
        f"/imports/v1/prj%2F1/{ID}/next-runs?count=1&after=1774695600.5",
        f"/imports/v1/prj%2F1/{ID}/next-runs?count=20",
    ]


def test_decisions_are_followed_from_a_moment_on(api_server: ApiServer, client: Client) -> None:
    row = {"at": 5.5, "code": "fired", "text": "ran", "facts": {"note": None}}
    api_server.answer({"success": True, "decisions": [row], "total": 1})
    api_server.answer({"success": True, "decisions": [], "total": 0})

    (found,) = client.definitions.decisions(ID, 5)
    assert list(client.definitions.decisions(ID)) == []

    assert (found.at, found.code, found.text, found.facts) == tuple(row.values())
    assert [_query(seen.path) for seen in api_server.seen] == [
        {"limit": ["50"], "offset": ["0"], "since": ["5"]},
        {"limit": ["50"], "offset": ["0"]},
    ]


def test_the_last_look_has_the_form_of_a_decision(api_server: ApiServer, client: Client) -> None:
    look = {"at": 5.5, "code": "look_news", "text": "looked", "facts": {"matched": 1}}
    for row in (look, None):
        api_server.answer({"success": True, "decisions": [], "last_look": row, "total": 0})

    found = client.definitions.last_look(ID)

    assert found is not None
    assert (found.at, found.code, found.text, found.facts) == tuple(look.values())
    assert client.definitions.last_look(ID) is None


def test_a_definition_is_switched_on_and_off(api_server: ApiServer, client: Client) -> None:
    for switch in (client.definitions.activate, client.definitions.deactivate):
        api_server.answer({"success": True})
        switch(ID)

    assert [(seen.method, seen.path) for seen in api_server.seen] == [
        ("POST", f"/imports/v1/prj%2F1/{ID}/activate"),
        ("POST", f"/imports/v1/prj%2F1/{ID}/deactivate"),
    ]


def test_a_definition_is_read(api_server: ApiServer, client: Client) -> None:
    document = {"import_id": ID, "import_definition": {"name": "D"}}
    api_server.answer({"success": True, "import": document})

    found = client.definitions.read(ID)

    assert (found.id, found.name, found.document) == (ID, "D", {"name": "D"})


def test_listing_follows_every_page(api_server: ApiServer, client: Client) -> None:
    rows = [{"import_id": str(n), "import_definition": {"name": str(n)}} for n in range(120)]
    for start in (0, 50, 100):
        api_server.answer(rows[start : start + 50], X_Total_Count="120")

    assert [found.id for found in client.definitions.list()] == [str(n) for n in range(120)]
    assert [_query(seen.path) for seen in api_server.seen] == [
        {"limit": ["50"], "offset": [offset]} for offset in ("0", "50", "100")
    ]


def test_a_list_that_shrinks_between_pages_ends(api_server: ApiServer, client: Client) -> None:
    api_server.answer([{"import_id": ID, "import_definition": {}}], X_Total_Count="70")
    api_server.answer([], X_Total_Count="70")

    assert len(list(client.definitions.list())) == 1


def test_a_definition_is_deleted(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True})

    client.definitions.delete("a/b")

    assert (api_server.seen[0].method, api_server.seen[0].path) == (
        "DELETE",
        "/imports/v1/prj%2F1/a%2Fb",
    )


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        ({}, {}),
        ({"location": "http://x/y.csv"}, {"path": "http://x/y.csv"}),
        ({"test_connection": False}, {"test_connection": False}),
    ],
)
def test_a_run_is_asked_for(
    api_server: ApiServer, client: Client, arguments: dict[str, Any], body: dict[str, Any]
) -> None:
    api_server.answer({"success": True, "import_id": ID, "run_id": RUN})

    assert client.definitions.run(ID, **arguments) == RUN
    assert api_server.seen[0].path == f"/imports/v1/prj%2F1/{ID}/run"
    assert (api_server.seen[0].body or {}) == body


def test_a_source_is_checked_without_a_run(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True, "import_id": ID, "run_id": None})

    client.definitions.check(ID)

    assert api_server.seen[0].body == {"test_connection": True}


def test_a_run_is_shown_with_its_faults(api_server: ApiServer, client: Client) -> None:
    fault = {
        "file": "a.csv",
        "row": 3,
        "line": 5,
        "column": "age",
        "value": "x",
        "code": "not_a_number",
        "message": "is not a number",
        "row_rejected": False,
    }
    document = run_document(errors=[fault], errors_total=1, status="completed", rows_total=5)
    api_server.answer({"success": True, "run": {**document, "added_later": 1}})

    run = client.runs.show(ID, RUN)

    assert (run.id, run.ended, run.completed) == (RUN, True, True)
    assert (run.rows_total, run.rows_read, run.rows_created) == (5, 0, 1)
    assert (run.rows_updated, run.rows_unchanged, run.rows_rejected, run.rows_skipped) == (
        2,
        3,
        4,
        5,
    )
    assert (run.faults[0].line, run.faults[0].message) == (5, "is not a number")
    assert run.document["added_later"] == 1


def test_runs_are_listed_page_by_page(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"runs": [run_document()] * 50, "total": 51})
    api_server.answer({"runs": [run_document(run_id="last")], "total": 51})

    assert [run.id for run in client.runs.list(ID)][-2:] == [RUN, "last"]
    assert _query(api_server.seen[1].path) == {"limit": ["50"], "offset": ["50"]}


def test_watching_ends_with_the_run(api_server: ApiServer, client: Client) -> None:
    for status in ("queued", "running", "failed"):
        api_server.answer({"run": run_document(status=status)})

    looks = list(client.runs.watch(ID, RUN))

    assert [(look.status, look.ended) for look in looks] == [
        ("queued", False),
        ("running", False),
        ("failed", True),
    ]
    assert not looks[-1].completed


def test_catalogs_and_their_items_are_read_back(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"data": [{"id": ID, "name": "Products"}], "total": 1})
    api_server.answer({"data": [{"item_id": "1", "properties": {"a": 2}}], "total": 1})

    (catalog,) = client.catalogs.list()
    (item,) = client.catalogs.items(catalog.id)

    assert (catalog.name, item.id, item.properties) == ("Products", "1", {"a": 2})
    assert api_server.seen[1].path.startswith(f"/data/v2/projects/prj%2F1/catalogs/{ID}/items?")


def test_a_customer_is_read_back_with_events(api_server: ApiServer, client: Client) -> None:
    event = {"type": "purchase", "timestamp": 1.5, "properties": {"total": 2}}
    api_server.hang_up()  # reading by POST is tried again too
    api_server.answer({"ids": {"registered": "1"}, "properties": {"a": 1}, "events": [event]})

    customer = client.customers.export({"registered": "1"})

    assert (customer.ids, customer.properties) == ({"registered": "1"}, {"a": 1})
    assert (customer.events[0].type, customer.events[0].timestamp) == ("purchase", 1.5)
    assert api_server.seen[1].body == {"customer_ids": {"registered": "1"}}


def test_an_answer_of_another_form_is_not_a_crash(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"something": "else"})

    for call in (
        client.system_time,
        lambda: client.definitions.create({}),
        lambda: list(client.definitions.list()),
        lambda: client.definitions.read(ID),
        lambda: client.definitions.run(ID),
        lambda: client.runs.show(ID, RUN),
        lambda: list(client.runs.list(ID)),
        lambda: list(client.catalogs.list()),
        lambda: client.customers.export({}),
    ):
        with pytest.raises(RequestError, match="does not answer as importmgr does"):
            call()


def _query(path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(path).query)


def test_runs_are_told_what_to_do(api_server: ApiServer, client: Client) -> None:
    runs = client.runs
    told = (runs.pause, runs.resume, runs.cancel, runs.retry, runs.go_on)
    for tell in told:
        api_server.answer({"success": True, "run": run_document(status="paused")})
        assert tell(ID, RUN).status == "paused"

    assert [(seen.method, seen.path) for seen in api_server.seen] == [
        ("POST", f"/imports/v1/prj%2F1/{ID}/runs/{RUN}/{command}")
        for command in ("pause", "resume", "cancel", "retry", "continue")
    ]


def test_a_run_is_repeated(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True, "import_id": ID, "run_id": "r2"})

    assert client.runs.rerun(ID, RUN) == "r2"
    assert api_server.seen[0].path == f"/imports/v1/prj%2F1/{ID}/runs/{RUN}/rerun"
