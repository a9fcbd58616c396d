from __future__ import annotations

import pytest

from definitions.errors import NotFoundError
from importmgr.client import Client, RejectFile
from tests.api_server import ApiServer


@pytest.fixture
def client(api_server: ApiServer) -> Client:
    return Client(api_server.url, "k", "s", "prj")


def test_rejected_rows_are_read_piece_by_piece(api_server: ApiServer, client: Client) -> None:
    api_server.answer("_line,_row\n" * 10_000)

    pieces = list(client.rejects.read("d1", "r1", 2, spreadsheet=True))

    assert len(pieces) > 1
    assert b"".join(pieces) == b"_line,_row\n" * 10_000
    assert api_server.seen[0].path == ("/imports/v1/prj/d1/runs/r1/rejects?as=spreadsheet&file=2")


def test_a_refusal_is_raised_before_anything_is_read(api_server: ApiServer, client: Client) -> None:
    api_server.refuse(404, "run 'r1' has no rejected rows")

    with pytest.raises(NotFoundError, match="no rejected rows"):
        client.rejects.read("d1", "r1")


def test_files_with_rejected_rows_are_listed(api_server: ApiServer, client: Client) -> None:
    file = {"file": 1, "name": "a.csv", "rejected": 3, "kept": 2, "repaired": 1, "open": 0}
    api_server.answer({"files": [{**file, "discarded": 1, "masked": True}]})

    assert client.rejects.files("d1", "r1") == (
        RejectFile(
            file=1,
            name="a.csv",
            rejected=3,
            kept=2,
            repaired=1,
            discarded=1,
            open=0,
            masked=True,
        ),
    )


def test_corrected_rows_are_handed_in_as_they_are(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"success": True, "run_id": "r2", "repairs": "r1"})

    assert client.rejects.repair("d1", "r1", b"[1]", 2) == "r2"
    [seen] = api_server.seen
    assert (seen.method, seen.body) == ("POST", [1])
    assert seen.path == "/imports/v1/prj/d1/runs/r1/rejects?file=2"


def test_repairs_are_listed(api_server: ApiServer, client: Client) -> None:
    repair = {
        "run_id": "r2",
        "status": "completed",
        "created": 1.5,
        "asked_by": "k",
        "rows_processed": 5,
        "rows_loaded": 3,
        "rows_failed": 2,
        "rows_untouched": 1,
        "rows_skipped": 1,
        "rows_discarded": 1,
    }
    api_server.answer({"repairs": [repair]})

    (done,) = client.rejects.repairs("d1", "r1")

    assert (done.run_id, done.rows, done.loaded, done.rejected) == ("r2", 5, 3, 2)
    assert (done.untouched, done.skipped, done.discarded) == (1, 1, 1)
    assert done.document == repair
    assert api_server.seen[0].path == "/imports/v1/prj/d1/runs/r1/repairs"
