"""Integrations over HTTP, and definitions that take files from them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Start
from tests.acceptance.documents import changed, people
from tests.service import ProjectAccess, Service

PATH = "/api/v1/projects/{t}/integrations"
Put = Callable[[str, str, float], None]


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drop")


@pytest.fixture(scope="module")
def local_service(start_service: Start, drop: Path) -> Service:
    return start_service(IMPORTMGR_LOCAL_FOLDERS=str(drop), IMPORTMGR_FILE_STABLE_SECONDS="0.5")


@pytest.fixture
def access(local_service: Service) -> ProjectAccess:
    return local_service.project()


@pytest.fixture
def put(drop: Path) -> Put:
    def write(name: str, mail: str, age: float) -> None:
        (drop / name).write_text(f"mail,name\n{mail}@example.com,x\n")
        moment = time.time() - age
        os.utime(drop / name, (moment, moment))

    return write


def create(access: ProjectAccess, drop: Path) -> str:
    document = {"name": "Drop", "kind": "local", "settings": {"folder": str(drop)}}
    answer = access.call("POST", PATH, json=document)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["integration_id"])


def definition(integration_id: str, selection: str) -> dict[str, Any]:
    source = {
        "source_type": "filestorage",
        "integration_id": integration_id,
        "path": "*.csv",
        "file_selection": selection,
    }
    return changed(people(), "source", source)


def files_of(run: dict[str, Any]) -> list[str]:
    assert run["status"] == "completed", run
    return [opened["file"] for opened in run["files"]]


def test_br35_selections_over_http(access: ProjectAccess, drop: Path, put: Put) -> None:
    """BR35."""
    for old in drop.glob("*.csv"):
        old.unlink()
    put("a.csv", "a", 3000)
    put("b.csv", "b", 100)
    put("c.csv", "c", 500)
    made = create(access, drop)

    found = {
        selection: files_of(access.finished(access.create(definition(made, selection))))
        for selection in ("all", "last_mod", "last_alpha")
    }
    import_id = access.create(definition(made, "not_imported"))
    first = files_of(access.finished(import_id))
    second = files_of(again(access, import_id))
    put("d.csv", "d", 0)
    third = files_of(again(access, import_id))

    assert found == {
        "all": ["a.csv", "b.csv", "c.csv"],
        "last_mod": ["b.csv"],
        "last_alpha": ["c.csv"],
    }
    assert (first, second, third) == (["a.csv", "b.csv", "c.csv"], [], ["d.csv"])


def again(access: ProjectAccess, import_id: str) -> dict[str, Any]:
    """Run a definition once more."""
    answer = access.call("POST", f"/imports/v1/{{t}}/{import_id}/run")
    assert answer.status_code == 200, answer.text
    return access.finished(import_id)


def test_integrations_are_created_listed_tested_and_deleted(
    access: ProjectAccess, drop: Path
) -> None:
    made = create(access, drop)

    listed = access.call("GET", PATH).json()
    read = access.call("GET", f"{PATH}/{made}").json()
    tested = access.call("POST", f"{PATH}/{made}/test").json()
    written = access.call("POST", f"{PATH}/{made}/test", json={"write": True}).json()
    slip = access.call("POST", f"{PATH}/{made}/test", json={"wirte": True})
    deleted = access.call("DELETE", f"{PATH}/{made}")

    assert len(made) == 24
    assert listed["total"] == 1
    assert listed["integrations"] == [read]
    assert (tested["ok"], tested["trouble"], tested["write_ms"]) == (True, None, None)
    assert (written["ok"], written["write_ms"] > 0) == (True, True)
    assert slip.status_code == 400
    assert "did you mean 'write'?" in slip.json()["errors"]["wirte"][0]
    assert deleted.json() == {"success": True}
    assert access.call("GET", f"{PATH}/{made}").status_code == 404
    assert access.call("DELETE", f"{PATH}/{made}").json()["code"] == "not_found"


def test_one_in_use_is_kept(access: ProjectAccess, drop: Path) -> None:
    made = create(access, drop)
    access.create(changed(definition(made, "all"), "active", value=False))

    answer = access.call("DELETE", f"{PATH}/{made}")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_every_problem_is_told_at_once(access: ProjectAccess) -> None:
    answer = access.call("POST", PATH, json={"kind": "sftp", "settings": {"port": 0}})

    assert answer.status_code == 400
    assert {"name", "settings.host", "settings.port"} <= set(answer.json()["errors"])


def test_permissions_are_asked_for(local_service: Service) -> None:
    reader = local_service.project(["integrations.read"])
    stranger = local_service.project(["imports.list"])

    assert reader.call("GET", PATH).status_code == 200
    assert reader.call("POST", PATH, json={}).status_code == 403
    written = reader.call("POST", f"{PATH}/{'0' * 24}/test", json={"write": True})
    assert (written.status_code, "integrations.write" in written.json()["error"]) == (403, True)
    assert reader.call("POST", f"{PATH}/{'0' * 24}/test").status_code == 404
    assert stranger.call("GET", PATH).status_code == 403


def test_a_folder_that_is_not_allowed_is_refused_at_once(
    access: ProjectAccess, tmp_path: Path
) -> None:
    document = {"name": "Drop", "kind": "local", "settings": {"folder": str(tmp_path)}}

    answer = access.call("POST", PATH, json=document)

    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]["settings.folder"]
    assert "IMPORTMGR_LOCAL_FOLDERS" in problem
