"""Files that arrive by themselves, at a real service."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import Start
from tests.acceptance.documents import changed, idle
from tests.acceptance.test_integrations import create, definition
from tests.product import wait_until
from tests.service import ProjectAccess, Service

WATCHING = {
    "IMPORTMGR_WATCHERS": "2",
    "IMPORTMGR_WATCH_SECONDS": "0.5",
    "IMPORTMGR_TICK_SECONDS": "0.1",
    "IMPORTMGR_FILE_STABLE_SECONDS": "1.5",
}


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arriving")


@pytest.fixture(scope="module")
def watching_service(start_service: Start, drop: Path) -> Service:
    return start_service(IMPORTMGR_LOCAL_FOLDERS=str(drop), **WATCHING)


@pytest.fixture
def access(watching_service: Service) -> ProjectAccess:
    return watching_service.project()


def told(access: ProjectAccess, import_id: str) -> list[str]:
    """Return the codes of the decisions, the oldest first."""
    answer = access.call("GET", f"/imports/v1/{{t}}/{import_id}/decisions")
    assert answer.status_code == 200, answer.text
    return [each["code"] for each in reversed(answer.json()["decisions"])]


def test_br20_a_file_that_is_uploaded_slowly_is_one_run(access: ProjectAccess, drop: Path) -> None:
    """BR20."""
    folder = drop / access.token
    folder.mkdir()
    document = definition(create(access, folder), "not_imported")
    import_id = access.create(idle(document))

    with (folder / "people.csv").open("w") as file:
        file.write("mail,name\n")
        for number in range(8):
            file.write(f"p{number}@example.com,P\n")
            file.flush()
            time.sleep(0.3)
            assert access.runs(import_id) == []
    wait_until(lambda: access.runs(import_id))
    run = access.finished(import_id)
    time.sleep(1.5)

    assert (run["status"], run["trigger"], run["rows_total"]) == ("completed", "new_file", 8)
    assert len(access.runs(import_id)) == 1
    codes = told(access, import_id)
    assert codes[0] in {"file_awaited", "file_seen"}  # by when the first look was
    assert ("file_seen" in codes, codes[-1]) == (True, "file_taken")


def test_an_inactive_definition_takes_no_file(access: ProjectAccess, drop: Path) -> None:
    folder = drop / f"{access.token}-off"
    folder.mkdir()
    made = create(access, folder)
    document = definition(made, "all")
    on = access.create(idle(document))
    off = access.create(changed(idle(document), "active", value=False))
    (folder / "a.csv").write_text("mail,name\na@example.com,A\n")

    access.finished(on)

    assert access.runs(off) == []
