"""From a run with rejected rows to one without, by what the service hands out and takes back."""

from __future__ import annotations

import time

import pytest

from tests.acceptance.documents import Document, idle, people
from tests.file_server import FileServer
from tests.service import TERMINAL, ProjectAccess

ROWS = 'mail;name\r\na@example.com;"A;1"\r\n;B\r\nc@example.com;C;more\r\n'


def ended(project: ProjectAccess, import_id: str, run_id: str) -> Document:
    """Return a run once it has ended, at most 15 seconds from now."""
    deadline = time.monotonic() + 15
    while (run := project.run(import_id, run_id))["status"] not in TERMINAL:
        assert time.monotonic() < deadline, run
        time.sleep(0.05)
    return run


@pytest.mark.parametrize("form", ["original", "spreadsheet"])
def test_a_run_is_closed_by_correcting_what_it_rejected(
    project: ProjectAccess, file_server: FileServer, form: str
) -> None:
    import_id = project.create(people(file_server.put("/people.csv", ROWS)))
    run = project.finished(import_id)
    assert (run["rows_created"], run["rows_failed"], run["errors_total"]) == (1, 2, 2)
    path = f"/imports/v1/{{t}}/{import_id}/runs/{run['run_id']}"

    handed_out = project.call("GET", f"{path}/rejects?as={form}").content
    corrected = handed_out.replace(b";;B", b";b@example.com;B").replace(b";C;more", b";C")
    corrected = corrected.replace(b",,B", b",b@example.com,B").replace(b",C,more", b",C")
    queued = project.call("POST", f"{path}/rejects", files={"file": corrected}).json()
    again = project.call("POST", f"{path}/rejects", data=corrected)

    repair = ended(project, import_id, queued["run_id"])
    assert (repair["status"], repair["trigger"]) == ("completed", "repair")
    if again.status_code == 200:  # it was queued before the first one was done
        assert ended(project, import_id, again.json()["run_id"])["rows_skipped"] == 2
    after = project.run(import_id, run["run_id"])
    assert (after["status"], after["rows_created"], after["rows_failed"]) == ("completed", 3, 0)
    assert (after["errors_total"], after["errors"]) == (0, [])
    repairs = project.call("GET", f"{path}/repairs").json()["repairs"]
    assert (repairs[0]["rows_loaded"], repairs[0]["asked_by"]) == (2, project.auth[0])


def test_a_dry_run_changes_nothing(project: ProjectAccess, file_server: FileServer) -> None:
    import_id = project.create(idle(people(file_server.put("/people.csv", ROWS))))
    run_id = project.call("POST", f"/imports/v1/{{t}}/{import_id}/dry-run").json()["run_id"]

    deadline = time.monotonic() + 15
    path = f"/imports/v1/{{t}}/dry-runs/{run_id}"
    while (found := project.call("GET", path).json()["dry_run"])["status"] not in TERMINAL:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)

    assert (found["status"], found["rows_created"], found["rows_failed"]) == ("completed", 1, 2)
    assert project.runs(import_id) == []
    customer = {"customer_ids": {"email_id": "a@example.com"}}
    answer = project.call("POST", "/data/v2/projects/{t}/customers/export-one", json=customer)
    assert answer.status_code == 404
