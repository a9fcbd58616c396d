from __future__ import annotations

from pathlib import Path

import pytest

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

FILE = {
    "file": 1,
    "name": "a.csv",
    "rejected": 30,
    "kept": 2,
    "repaired": 0,
    "discarded": 0,
    "open": 2,
    "masked": False,
}
TOLD = "a.csv: 2 rows to correct; 28 more were rejected and are not kept\n"


@pytest.fixture
def rows(api_server: ApiServer) -> str:
    """What the server hands out."""
    text = "_line,_row\n2,1\n"
    api_server.answer(text)
    api_server.answer({"files": [FILE]})
    return text


def test_rejected_rows_go_to_stdout(cli: Cli, access: list[str], rows: str) -> None:
    done = cli("runs", "rejects", "d1", "r1", *access)

    assert (done.code, done.out, done.err) == (0, rows, TOLD)


def test_rejected_rows_go_to_a_file(
    cli: Cli, api_server: ApiServer, access: list[str], tmp_path: Path, rows: str
) -> None:
    target = tmp_path / "bad.csv"

    done = cli("runs", "rejects", "d1", "r1", "-o", str(target), "--spreadsheet", *access)

    assert (done.out, target.read_text()) == ("", rows)
    assert api_server.seen[0].path.endswith("?as=spreadsheet")


def test_masked_rows_are_told_of_and_cells_are_shown_to_who_asks(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    for _ in range(2):
        api_server.answer("_line,_row\n")
        api_server.answer({"files": [{**FILE, "masked": True}]})

    masked = cli("runs", "rejects", "d1", "r1", *access)
    unmasked = cli("runs", "rejects", "d1", "r1", "--unmasked", *access)

    assert "only rows read with --unmasked can be handed in" in masked.err
    assert "masked" not in unmasked.err
    assert api_server.seen[2].path == "/imports/v1/prj/d1/runs/r1/rejects/unmasked?as=original"


def test_no_file_is_left_where_there_are_no_rows(
    cli: Cli, api_server: ApiServer, access: list[str], tmp_path: Path
) -> None:
    api_server.refuse(404, "run 'r1' has no rejected rows")

    done = cli("runs", "rejects", "d1", "r1", "-o", str(tmp_path / "bad.csv"), *access)

    assert (done.code, done.err) == (2, "error: run 'r1' has no rejected rows\n")
    assert not (tmp_path / "bad.csv").exists()
