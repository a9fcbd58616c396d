"""Tables, numbers and times for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importmgr.cli.text import cut, moment, one_line, plural, show_table, table

CELLS = st.lists(st.text(max_size=60), min_size=3, max_size=3)


def test_a_table_that_fits_is_as_wide_as_its_cells() -> None:
    assert (
        table(("id", "name"), [(1, "Ada"), (20, None)], 80) == "id  name\n--  ----\n 1  Ada\n20  -"
    )


def test_the_last_column_is_wrapped_when_it_is_too_wide() -> None:
    shown = table(("id", "reason"), [(1, "a number is wanted here, this is not one")], 32)

    assert shown.splitlines()[2:] == [" 1  a number is wanted here,", "    this is not one"]


def test_other_columns_are_cut_when_there_is_no_room() -> None:
    shown = table(("value", "reason"), [("x" * 200, "is not a number")], 60)

    assert max(len(line) for line in shown.splitlines()) <= 60
    assert "x…  is not a number" in shown


def test_an_id_is_never_cut_as_another_command_asks_for_it() -> None:
    run = "fbf529d3e481f5d9b55f70e0"
    shown = table(("run", "value", "reason"), [(run, "x" * 200, "is not a number")], 60)

    assert run in shown
    assert max(len(line) for line in shown.splitlines()) <= 60


def test_a_time_is_never_cut() -> None:
    shown = table(("created", "value", "reason"), [("2026-01-01 00:00:00", "x" * 99, "y")], 60)

    assert "2026-01-01 00:00:00" in shown


def test_off_a_terminal_a_row_is_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)

    show_table(("value", "reason"), [("x" * 200, "is not a number " * 20)], none="none")

    assert len(capsys.readouterr().out.splitlines()) == 3


@given(rows=st.lists(CELLS, max_size=5), width=st.integers(48, 120))
def test_a_table_is_never_wider_than_the_terminal(rows: list[list[str]], width: int) -> None:
    shown = table(("one", "two", "three"), rows, width)

    assert max(len(line) for line in shown.splitlines()) <= width


@given(st.text())
def test_nothing_in_a_line_steers_the_terminal(text: str) -> None:
    assert one_line(text).isprintable()


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert one_line("a\x1b[2J\nb") == "a\\x1b[2J\\nb"


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"


def test_numbers_agree_with_their_thing() -> None:
    assert [plural(n, "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]


def test_a_time_is_shown_in_utc() -> None:
    assert moment(1767225600.5) == "2026-01-01 00:00:00"
    assert moment(None) == "-"
