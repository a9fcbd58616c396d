"""A run as it goes on."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from importmgr.cli import progress
from importmgr.client import Run
from importmgr.client.values import run_of


class Terminal(io.StringIO):
    """What a terminal gets to show."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def looks(run_document: dict[str, Any]) -> list[Run]:
    run = run_of(run_document)
    return [
        replace(run, status="queued", rows_read=0, rows_total=None),
        replace(run, status="running", rows_read=3, rows_total=None),
        replace(run, status="running", rows_read=5),
        run,
    ]


def test_without_a_terminal_each_state_is_a_line(looks: list[Run]) -> None:
    stream = io.StringIO()

    last = progress.follow(looks, "people", stream)

    assert last is looks[-1]
    assert stream.getvalue().splitlines() == [
        "people  queued     0 rows",
        "people  running    3 rows",
        "people  completed  10 of 10 rows",
    ]


def test_on_a_terminal_one_line_is_drawn_anew(looks: list[Run]) -> None:
    stream = Terminal()

    progress.follow(looks, "people", stream)

    shown = stream.getvalue()
    assert shown.count("\r") == 4
    assert shown.count("\n") == 1
    assert f"{'█' * 12}{'░' * 12}  5 of 10 rows" in shown
    assert f"{'█' * 24}  10 of 10 rows" in shown


def test_more_rows_than_foreseen_do_not_burst_the_bar(looks: list[Run]) -> None:
    drawn = progress.bar(replace(looks[2], rows_read=50), "people")

    assert drawn.count("█") == 24
