"""BR22b and BR24 to BR34: definitions run, and records arrive."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest

from tests.acceptance.documents import (
    HOSTED,
    PEOPLE,
    Document,
    catalog,
    changed,
    idle,
    people,
)
from tests.file_server import FileServer
from tests.service import TERMINAL, ProjectAccess, Service

PASSWORD = "correct horse battery staple"
UNKNOWN = "66f0c1d2e3a4b5c6d7e8f901"
START = "/data/v2/projects/{{t}}/imports/{}/start"
OTHER_SPELLINGS = (
    "/data/v1/projects/{{t}}/imports/{}/start",
    "/data/v2/workspaces/{{t}}/imports/{}/start",
)


def run_path(import_id: str) -> str:
    """Return the address that triggers a run."""
    return f"/imports/v1/{{t}}/{import_id}/run"


def started(project: ProjectAccess, path: str, body: Document | None = None) -> str:
    """Trigger a run and return its id."""
    answer = project.call("POST", path, json=body) if body else project.call("POST", path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    return str(answer.json()["run_id"])


def ended(project: ProjectAccess, import_id: str, run_id: str) -> Document:
    """Return a run once it has ended, at most 15 seconds from now."""
    deadline = time.monotonic() + 15
    while (run := project.run(import_id, run_id))["status"] not in TERMINAL:
        assert time.monotonic() < deadline, run
        time.sleep(0.05)
    return run


def customer(project: ProjectAccess, email_id: str) -> Document:
    """Return all that is kept of a customer."""
    body = {"customer_ids": {"email_id": email_id}}
    answer = project.call("POST", "/data/v2/projects/{t}/customers/export-one", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def protected(files: FileServer) -> Document:
    """Return a definition whose file asks for a login."""
    document = people(files.put("/private.csv", PEOPLE))
    files.protect("/private.csv", "importer", PASSWORD)
    return changed(document, "source.auth", {"username": "importer", "password": PASSWORD})


def test_br22b_passwords_are_sealed(service: Service, file_server: FileServer) -> None:
    """BR22b. A read definition works in another project, and its password nowhere else."""
    first, second = service.project(), service.project()
    answer = first.call("GET", f"/imports/v1/{{t}}/{first.create(protected(file_server))}")
    definition = answer.json()["import"]["import_definition"]

    copied = second.create(definition)

    assert definition["source"]["auth"]["password"].startswith("sealed:v1:")
    assert PASSWORD not in answer.text
    assert second.finished(copied)["rows_created"] == 2
    for path, value in (
        ("source.import_url", HOSTED),
        ("source.auth.username", "somebody"),
        ("source.auth.password", definition["source"]["auth"]["password"][:-2]),
    ):
        refused = second.call("POST", "/imports/v1/{t}", json=changed(definition, path, value))
        assert refused.status_code == 400
        assert list(refused.json()["errors"]) == ["source.auth.password"]


def test_br24_a_catalog_made_before_is_filled(
    project: ProjectAccess, file_server: FileServer
) -> None:
    """BR24. A connector creates the catalog first; the import finds it by name."""
    fields = [{"name": "title", "type": "string", "searchable": True}]
    body = {"name": "Products Catalog", "is_product_catalog": True, "fields": fields}
    made = project.call("POST", "/data/v2/projects/{t}/catalogs", json=body)
    assert made.status_code == 200
    url = file_server.put("/products.csv", "item_id,title\n1,Shirt\n2,Hat\n")

    assert project.finished(project.create(catalog(url)))["status"] == "completed"

    items = project.call(
        "GET", f"/data/v2/projects/{{t}}/catalogs/{made.json()['id']}/items"
    ).json()
    assert {row["item_id"]: row["properties"]["title"] for row in items["data"]} == {
        "1": "Shirt",
        "2": "Hat",
    }
    assert project.call("GET", "/data/v2/projects/{t}/catalogs").json()["total"] == 1


def test_br25_a_header_alone_is_a_completed_run(
    project: ProjectAccess, file_server: FileServer
) -> None:
    """BR25. A file without rows imports nothing and is no failure."""
    run = project.finished(project.create(people(file_server.put("/empty.csv", "mail,name\n"))))

    assert (run["status"], run["rows_total"], run["errors"]) == ("completed", 0, [])


def test_a_run_tells_how_its_file_was_read(project: ProjectAccess, file_server: FileServer) -> None:
    url = file_server.put("/people.csv", PEOPLE.replace(",", ";").encode("utf-16"))
    run = project.finished(project.create(people(url)))

    assert run["status"] == "completed"
    [opened] = run["files"]
    assert opened["file"] == url
    assert opened["read_as"]["encoding"].startswith("utf-16-le found")
    assert opened["read_as"]["delimiter"].startswith("';' found")


def test_br26_a_run_may_take_another_file(project: ProjectAccess, file_server: FileServer) -> None:
    """BR26. The override holds for that run only."""
    url = file_server.put("/people.csv", PEOPLE)
    other = file_server.put("/other.csv", "mail,name\neva@example.com,Eva\n")
    import_id = project.create(idle(people(url)))

    run_id = started(project, run_path(import_id), {"path_to_overwrite": other})

    assert ended(project, import_id, run_id)["rows_created"] == 1
    assert customer(project, "eva@example.com")["properties"]["first_name"] == "Eva"
    read = project.call("GET", f"/imports/v1/{{t}}/{import_id}").json()
    assert read["import"]["import_definition"]["source"]["import_url"] == url
    assert file_server.count("/people.csv").gets == 0


@pytest.mark.parametrize("spelling", [START, *OTHER_SPELLINGS])
def test_br27_every_spelling_of_start_runs(
    project: ProjectAccess, file_server: FileServer, spelling: str
) -> None:
    """BR27. Both versions of the address, and the one with workspaces, start a run."""
    other = file_server.put("/other.csv", "mail,name\neva@example.com,Eva\n")
    import_id = project.create(idle(people(file_server.put("/people.csv", PEOPLE))))

    run_id = started(project, spelling.format(import_id), {"path": other})

    run = ended(project, import_id, run_id)
    assert (run["status"], run["rows_created"]) == ("completed", 1)
    assert len(project.runs(import_id)) == 1


def test_br27_two_names_of_the_location_must_agree(
    project: ProjectAccess, file_server: FileServer
) -> None:
    """BR27. Equal locations are fine under both names, different ones are not."""
    url = file_server.put("/people.csv", PEOPLE)
    path = run_path(project.create(idle(people(url))))

    same = project.call("POST", path, json={"path": url, "path_to_overwrite": url})
    different = project.call("POST", path, json={"path": url, "path_to_overwrite": url + "?2"})

    assert (same.status_code, different.status_code) == (200, 400)
    assert set(different.json()["errors"]) == {"path", "path_to_overwrite"}


@pytest.mark.parametrize("path", [START, *OTHER_SPELLINGS, "/imports/v1/{{t}}/{}/run"])
def test_br28_starting_asks_for_the_same_rights(service: Service, path: str) -> None:
    """BR28. Unknown is 404, not allowed is 403, not known is 401."""
    project = service.project()
    reader = service.project(["imports.read", "imports.list"])
    stranger = ProjectAccess(url=project.url, token=project.token, auth=("x", "y"))

    statuses = [one.call("POST", path.format(UNKNOWN)).status_code for one in (project, reader)]

    assert statuses == [404, 403]
    assert stranger.call("POST", path.format(UNKNOWN)).status_code == 401


def test_br29_the_source_is_looked_at_first(
    project: ProjectAccess, file_server: FileServer
) -> None:
    """BR29. A file that is not there is told at once, or, unasked, by a failed run."""
    import_id = project.create(idle(people(file_server.url("/missing.csv"))))

    looked = project.call("POST", START.format(import_id))
    run_id = started(project, START.format(import_id), {"test_connection": False})

    assert looked.status_code == 400
    assert "404" in looked.json()["error"]
    run = ended(project, import_id, run_id)
    assert run["status"] == "failed"
    assert run["error"]
    assert run["reason"]
    assert len(project.runs(import_id)) == 1


@pytest.mark.parametrize("location", [{}, {"path_to_overwrite": None}])
def test_br30_a_test_of_the_connection_starts_nothing(
    project: ProjectAccess, file_server: FileServer, location: dict[str, None]
) -> None:
    """BR30. `test_connection` without a location looks at the source and adds no run."""
    import_id = project.create(idle(people(file_server.put("/people.csv", PEOPLE))))

    body = {"test_connection": True, **location}
    answer = project.call("POST", run_path(import_id), json=body)

    assert answer.status_code == 200
    assert answer.json() == {"success": True, "import_id": import_id, "run_id": None}
    assert project.runs(import_id) == []
    assert file_server.count("/people.csv").bytes_sent < len(PEOPLE)


def test_br31_logins_at_the_source(project: ProjectAccess, file_server: FileServer) -> None:
    """BR31. The right login fetches, a wrong one fails the run."""
    right = protected(file_server)
    wrong = changed(right, "source.auth.password", "wrong")

    assert project.finished(project.create(right))["rows_created"] == 2
    assert project.finished(project.create(wrong))["status"] == "failed"


def test_br32_runs_of_one_definition_queue(project: ProjectAccess, file_server: FileServer) -> None:
    """BR32. Five triggers in a row are accepted, and worked off one after the other."""
    rows = "".join(f"p{n}@example.com,P\n" for n in range(2000))
    import_id = project.create(idle(people(file_server.put("/many.csv", "mail,name\n" + rows))))

    ids = [started(project, run_path(import_id)) for _ in range(5)]

    runs = [ended(project, import_id, run_id) for run_id in ids]
    assert [run["status"] for run in runs] == ["completed"] * 5
    assert all(before["finished"] <= after["started"] for before, after in pairwise(runs))


def test_br33_events_keep_their_time_and_types(
    project: ProjectAccess, file_server: FileServer
) -> None:
    """BR33. An event has the file's timestamp and typed properties; the same file adds nothing."""
    file = 'mail,at,total,paid,tags\nj@example.com,1767225600.5,19.9,TRUE,"[""a"",""b""]"\n'
    document = changed(
        people(file_server.put("/buys.csv", file)),
        "destination",
        {"event_destination": {"event_type": "purchase"}},
    )
    mapping = document["mapping"]["column_mapping"]
    mapping["timestamp_column"] = "at"
    mapping["property_mappings"] = [
        {"from_column": "total", "to_column": "total", "target_type": "number"},
        {"from_column": "paid", "to_column": "paid", "target_type": "boolean"},
        {"from_column": "tags", "to_column": "tags", "target_type": "list"},
    ]

    import_id = project.create(document)
    project.finished(import_id)
    ended(project, import_id, started(project, run_path(import_id)))

    assert customer(project, "j@example.com")["events"] == [
        {
            "type": "purchase",
            "timestamp": 1767225600.5,
            "properties": {"total": 19.9, "paid": True, "tags": ["a", "b"]},
        }
    ]


def test_br34_running_again_updates(project: ProjectAccess, file_server: FileServer) -> None:
    """BR34. Changed rows change customers and make no new ones."""
    import_id = project.create(people(file_server.put("/people.csv", PEOPLE)))
    assert project.finished(import_id)["rows_created"] == 2
    file_server.put("/people.csv", PEOPLE.replace("Jana", "Johana"))

    run: dict[str, Any] = ended(project, import_id, started(project, run_path(import_id)))

    assert (run["rows_created"], run["rows_updated"], run["rows_unchanged"]) == (0, 1, 1)
    assert customer(project, "jana@example.com")["properties"]["first_name"] == "Johana"
