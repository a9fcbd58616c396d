"""SIGTERM while a run is under way: a clean end within ten seconds, and nothing to repair."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.file_server import FileServer
from tests.service import Service

ROWS = 4_000
DOCUMENT = {
    "name": "people",
    "trigger": {"trigger_type": "now"},
    "destination": {"customer_destination": {}},
    "mapping": {
        "column_mapping": {
            "id_mappings": [{"from_column": "mail", "to_id": "email"}],
            "property_mappings": [{"from_column": "age", "to_column": "age"}],
        }
    },
}


@pytest.mark.slow
def test_sigterm_ends_cleanly_and_the_next_start_goes_on_without_waiting(
    database_url: str, file_server: FileServer, tmp_path: Path
) -> None:
    rows = "".join(f"p{number}@example.com,{number}\n" for number in range(ROWS))
    url = file_server.put("/people.csv", "mail,age\n" + rows)
    settings = {"IMPORTMGR_DATABASE_URL": database_url, "IMPORTMGR_BATCH_BYTES": "1KiB"}
    with Service(tmp_path / "var", **settings) as service:
        access = service.project()
        source = {"source_type": "url", "import_url": url}
        import_id = access.create({**DOCUMENT, "source": source})
        while access.runs(import_id)[0]["rows_processed"] == 0:
            time.sleep(0.01)

        code = service.terminate()

        service.start()
        run = service.moved(access).finished(import_id, within=60)

    assert code == 0
    assert run["status"] == "completed"
    assert run["rows_processed"] == ROWS
    assert run["rows_created"] == ROWS
