"""What became of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importmgr.cli.report import balance, show_run
from importmgr.client.values import run_of


def test_a_report_tells_counts_warnings_and_faults(
    run_document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    show_run(run_of(run_document))

    shown = capsys.readouterr().out
    assert shown.splitlines() == [
        "run r1  completed",
        "source    http://files.example/a.csv",
        "started   2026-01-01 00:00:01 UTC",
        "finished  2026-01-01 00:00:02 UTC",
        "read      10 = 6 created + 2 updated + 1 unchanged + 1 rejected + 0 skipped",
        "warning   column 'size' is not in the file",
        "",
        "1 fault:",
        "file   row  line  column  value     reason",
        "-----  ---  ----  ------  --------  ------------------------------",
        "a.csv    3     4  age     x\\x1b[2J  is not a number (row rejected)",
    ]


def test_a_report_tells_how_each_file_was_read(
    run_document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    read_as = {"encoding": "utf-8", "delimiter": ";"}
    show_run(run_of({**run_document, "files": [{"file": "a.csv", "read_as": read_as}]}))

    assert "read as   encoding: utf-8\nread as   delimiter: ;\n" in capsys.readouterr().out


def test_a_report_names_each_of_several_files(
    run_document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {"rows_processed": 5, "rows_created": 4, "rows_failed": 1}
    files = [{"file": f"{name}.csv", "read_as": {"delimiter": name}, **counts} for name in "ab"]
    show_run(run_of({**run_document, "files": files}))

    shown = capsys.readouterr().out
    assert "file      a.csv\nread as   delimiter: a\n" in shown
    assert "file      b.csv\nread as   delimiter: b\nrows      5 = 4 created + 0 updated" in shown
    assert "source" not in shown


def test_a_report_says_when_it_does_not_show_all(
    run_document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    show_run(replace(run_of(run_document), fault_count=2500))

    assert "2,500 faults, the first 1:" in capsys.readouterr().out


def test_a_failed_run_says_why(
    run_document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    failed = {**run_document, "status": "failed", "error": "there is no header", "errors_total": 0}
    show_run(run_of(failed))

    assert "why       there is no header" in capsys.readouterr().out


def test_a_file_is_told_by_its_name_and_an_empty_cell_as_empty(
    run_document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    fault = {**run_document["errors"][0], "file": "https://a.example/x/b.csv?t=1", "value": ""}
    show_run(run_of({**run_document, "errors": [fault]}))

    last = capsys.readouterr().out.splitlines()[-1]
    assert last.split()[:5] == ["b.csv", "3", "4", "age", "(empty)"]


def test_rows_add_up(run_document: dict[str, Any]) -> None:
    run = run_of(run_document)
    numbers = [int(word) for word in balance(run).split() if word.isdigit()]

    assert numbers[0] == sum(numbers[1:])


def test_attempts_are_shown_with_what_ended_them(
    capsys: pytest.CaptureFixture[str], run_document: dict[str, Any]
) -> None:
    parts = {
        "started": 1767225601.0,
        "ended": None,
        "reason": None,
        "error": None,
        "again_in": None,
    }
    attempts = [
        {**parts, "number": 1, "outcome": "again", "error": "busy\n503", "again_in": 9.6},
        {**parts, "number": 2, "outcome": None},
    ]

    show_run(run_of({**run_document, "attempts": attempts}))

    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("attempt")]
    assert len(shown) == 2
    assert shown[0].startswith("attempt   1  2026-01-01 00:00:01 UTC  tried again in 10 s: busy")
    assert shown[1] == "attempt   2  2026-01-01 00:00:01 UTC  goes on"
