"""`importmgr inspect`, called in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importmgr.services.inspection import Inspection, Inspector, InspectTerms
from importmgr.services.local_files import LocalFile
from tests.file_server import FileServer
from tests.unit.importmgr.cli.conftest import Cli

PEOPLE = "id,name\n007,Ada\n8,Bo\n"
ROWS = "id,name\r\n007,Ada\r\n8,Bo\r\n"
PDF = b"%PDF-1.7\n1 0 obj"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with `people.csv` in it."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "people.csv").write_text(PEOPLE)
    return place


@pytest.mark.usefixtures("folder")
def test_a_file_is_shown_to_a_person(cli: Cli) -> None:
    done = cli("inspect", "people.csv")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("people.csv\nformat   csv, 21 bytes\n")
    assert "map it as string" in done.out


@pytest.mark.usefixtures("folder")
def test_a_file_is_told_as_one_object_and_several_as_an_array(cli: Cli) -> None:
    (one,) = (json.loads(cli("inspect", "--json", "people.csv").out),)
    several = cli("inspect", "--json", "people.csv", "nothing.csv", "-", stdin="a,b\n1,2\n")

    assert one["file"] == "people.csv"
    assert [(each["file"], each.get("error")) for each in json.loads(several.out)] == [
        ("people.csv", None),
        ("nothing.csv", "no such file or directory"),
        ("stdin", None),
    ]
    assert several.code == 2
    assert several.err == "error: nothing.csv: no such file or directory\n"


@pytest.mark.usefixtures("folder")
def test_rows_are_written_as_csv(cli: Cli) -> None:
    assert cli("inspect", "--csv", "people.csv").out == ROWS
    assert cli("inspect", "--csv", "--rows", "1", "people.csv").out == "id,name\r\n007,Ada\r\n"
    assert cli("inspect", "--csv", "--all", "-", stdin=PEOPLE).out == ROWS


@pytest.mark.usefixtures("folder")
def test_what_python_would_translate_is_written_as_it_is(cli: Cli) -> None:
    done = cli("inspect", "--csv", "--all", "-", stdin='a,b\n"1\n2",ü\n')

    assert done.out == 'a,b\r\n"1\n2",ü\r\n'


def test_malformed_rows_are_told_on_stderr(cli: Cli) -> None:
    rows = "".join(f"{n},x\n{n}\n" for n in range(25))
    layout = '{"malformed_rows": "reject", "delimiter": ","}'
    done = cli("inspect", "--csv", "--all", "--format", layout, "-", stdin=f"a,b\n{rows}")

    assert (done.code, done.out.count("\r\n")) == (0, 26)
    first, *_, twentieth, last = done.err.splitlines()
    assert first.startswith("stdin: row 2, line 3: expected 2 fields, found 1")
    assert twentieth.startswith("stdin: row 40, line 41: ")
    assert last == "stdin: 5 more malformed rows"


def test_a_table_of_fixed_width_is_told_as_such(cli: Cli, folder: Path) -> None:
    lines = "".join(f"{f'name {i}':10}{f'some city {i}':14}{i:5}\n" for i in range(12))
    (folder / "fixed.txt").write_text(lines)
    done = cli("inspect", "--all", "--csv", "fixed.txt")
    assert done.code == 0
    assert done.err.startswith("fixed.txt: columns seem to begin at the characters 1, 11, 28 of")


def test_names_that_may_be_above_other_columns_are_told(cli: Cli, folder: Path) -> None:
    (folder / "run.csv").write_text("id,nameday\n1,a,2026-01-02\n2,b,2026-01-03\n")
    done = cli("inspect", "--all", "--csv", "run.csv")
    assert done.out.startswith("id,nameday,column_3\r\n1,a,2026-01-02\r\n")
    assert done.err.startswith("run.csv: the header has 2 names for 3 columns; if a delimiter is")


def test_each_file_is_written_to_one_of_its_name(cli: Cli, folder: Path) -> None:
    (folder / "broken.csv").write_bytes(PDF)
    (folder / "nothing.csv").write_bytes(b"")
    done = cli(
        "inspect", "--all", "--csv", "--output-dir", "out",
        "broken.csv", "people.csv", "nothing.csv", "away.csv",
    )  # fmt: skip

    made = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert made == {"people.csv": ROWS.encode(), "nothing.csv": b""}
    assert (done.code, done.out) == (2, "")
    broken, nothing, away = done.err.splitlines()
    assert broken.startswith("error: broken.csv: the file looks like a PDF document")
    assert nothing == "nothing.csv: the file is empty, there are no rows"
    assert away == "error: away.csv: no such file or directory"


def test_a_file_of_no_bytes_has_no_rows_and_that_is_no_failure(cli: Cli) -> None:
    done = cli("inspect", "--csv", "-", stdin="")

    assert (done.code, done.out) == (0, "")
    assert done.err == "stdin: the file is empty, there are no rows\n"
    assert cli("inspect", "-", stdin="").code == 2


def test_an_input_is_not_overwritten(cli: Cli, folder: Path) -> None:
    done = cli("inspect", "--csv", "--output-dir", ".", "people.csv")

    assert (done.code, (folder / "people.csv").read_text()) == (2, PEOPLE)
    assert "is an input and would be overwritten" in done.err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--json", "--output-dir", "out", "people.csv"], "--output-dir goes with --csv"),
        (["--json", "--csv", "people.csv"], "--json and --csv do not go together; leave one"),
        (["--csv", "people.csv", "-"], "several files as CSV would run into each other"),
        (["--csv", "--all", "--rows", "3", "people.csv"], "--all --csv writes every row"),
        (["--rows", "-1", "people.csv"], "-1 is not in the range"),
        ([], "missing argument"),
        (["--format", "{", "people.csv"], "format: is not JSON: "),
        (["--format", "[]", "people.csv"], "format: must be a JSON object, not an array"),
        (["--format", '{"quote": "ab"}', "people.csv"], "format.quote: must have at most 1"),
        (["--format", "@nothing", "people.csv"], "format: 'nothing': no such file or directory"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_call_is_refused_in_one_line(cli: Cli, words: list[str], text: str) -> None:
    done = cli("inspect", *words)

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("error: ")
    assert text in done.err


def test_how_files_are_written_may_stand_in_a_file(cli: Cli, folder: Path) -> None:
    (folder / "layout.json").write_text('{"type": "cvs"}')
    done = cli("inspect", "--format", "@layout.json", "people.csv")

    assert done.code == 2
    assert "there is no format 'cvs'" in done.err


def test_an_address_is_fetched_within_the_limits_of_imports(
    cli: Cli, file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = file_server.put("/people.csv", PEOPLE.encode())
    refused = cli("inspect", "--csv", f"{url}?token=geheim")
    monkeypatch.setenv("IMPORTMGR_ALLOW_PRIVATE_SOURCES", "true")
    fetched = cli("inspect", "--csv", f"{url}?token=geheim")
    away = cli("inspect", "--json", f"{url}.gone?token=geheim", f"{url}.gone?token=geheim")

    assert (refused.code, fetched.code, fetched.out, away.code) == (2, 0, ROWS, 2)
    assert "sources may not use" in refused.err
    assert "geheim" not in refused.err + away.err + away.out


def test_what_may_pass_is_worth_another_try(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTMGR_MINIMUM_FREE_BYTES", "1000000TiB")

    assert cli("inspect", "-", stdin=PEOPLE).code == 3
    assert cli("inspect", "-", "nothing.csv", stdin=PEOPLE).code == 2


def test_nothing_is_made_of_an_installation(cli: Cli, folder: Path) -> None:
    cli("inspect", "people.csv")

    assert not (folder.parent / "data").exists()


def test_what_nobody_foresaw_costs_one_input_and_tells_nothing_of_it(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "odd.csv").write_text(PEOPLE)
    inspect = Inspector.inspect

    def fail_once(self: Inspector, file: LocalFile, terms: InspectTerms) -> Inspection:
        if file.name == "odd.csv":
            msg = "geheim"
            raise ZeroDivisionError(msg)
        return inspect(self, file, terms)

    monkeypatch.setattr(Inspector, "inspect", fail_once)
    done = cli("inspect", "odd.csv", "people.csv")

    assert (done.code, "\npeople.csv\n" in done.out) == (2, True)
    assert done.err.startswith("error: odd.csv: unexpected ZeroDivisionError; ")
    assert "geheim" not in done.err


def test_an_error_raised_on_purpose_needs_no_traceback(cli: Cli) -> None:
    done = cli("--traceback", "inspect", "nothing.csv", "-", stdin=PEOPLE)

    assert (done.code, "\nstdin\n" in done.out) == (2, True)
    assert done.err == "error: nothing.csv: no such file or directory\n"
