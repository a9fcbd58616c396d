from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.batches import Tally
from definitions.brakes import (
    BrakeAction,
    Brakes,
    History,
    MaxRejected,
    RowCount,
    brakes_of,
    empty_file,
    max_rejected,
    missing_columns,
    new_columns,
    row_count,
)
from definitions.errors import InvalidError
from definitions.schema import normalise
from tests.acceptance.documents import changed, people

PAUSE, ALLOW = BrakeAction.PAUSE, BrakeAction.ALLOW


def test_without_a_word_nothing_stops_a_run() -> None:
    brakes = brakes_of(normalise(people()))

    assert brakes == Brakes()
    actions = (brakes.empty_file, brakes.missing_column, brakes.new_columns)
    assert {*actions, brakes.max_rejected.action, brakes.row_count.action} == {BrakeAction.WARN}


def test_a_document_says_what_stops_its_runs_and_comes_back_as_it_was_sent() -> None:
    given: dict[str, Any] = {
        "empty_file": "pause",
        "new_columns": None,
        "max_rejected": {"action": "fail", "share": 0.1, "rows": 7, "after": None},
        "row_count": {"least": 0.5},
    }

    document = normalise(changed(people(), "brakes", given))

    assert document["brakes"] == given
    assert brakes_of(document) == Brakes(
        empty_file=PAUSE,
        max_rejected=MaxRejected(action=BrakeAction.FAIL, share=0.1, rows=7),
        row_count=RowCount(least=0.5),
    )


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"empty_file": "stop"}, "brakes.empty_file"),
        ({"max_rejected": {"share": 1.5}}, "brakes.max_rejected.share"),
        ({"row_count": {"most": 0.5}}, "brakes.row_count.most"),
        ({"row_count": {"runs": 0}}, "brakes.row_count.runs"),
        ("pause", "brakes"),
    ],
)
def test_what_is_no_brake_is_refused(given: object, path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        normalise(changed(people(), "brakes", given))

    assert list(caught.value.problems) == [path]


def test_an_empty_file_is_told_by_name() -> None:
    acts = empty_file(Brakes(empty_file=PAUSE), "a.csv", 0)

    assert acts is not None
    assert (acts.action, acts.text) == (PAUSE, "a.csv has no rows")
    assert empty_file(Brakes(empty_file=PAUSE), "a.csv", 1) is None
    assert empty_file(Brakes(empty_file=ALLOW), "a.csv", 0) is None


def test_missing_columns_are_warned_of_by_the_mapping_itself() -> None:
    lacking = ("column 'a' is not in the file",)

    assert missing_columns(Brakes(), lacking) is None
    assert missing_columns(Brakes(missing_column=PAUSE), ()) is None
    acts = missing_columns(Brakes(missing_column=PAUSE), lacking)
    assert acts is not None
    assert acts.text == lacking[0]


@pytest.mark.parametrize(
    ("before", "new"), [(None, None), (("id", "a"), ["b"]), (("id", "a", "b"), None)]
)
def test_columns_are_new_when_the_last_run_had_others(
    before: tuple[str, ...] | None, new: list[str] | None
) -> None:
    acts = new_columns(Brakes(), ("id", "a", "b"), {"id"}, History(columns=before))

    assert (None if acts is None else acts.figures["columns"]) == new


@pytest.mark.parametrize(
    ("read", "rejected", "acts"),
    [(999, 999, False), (1000, 500, False), (1000, 501, True), (20, 8, True), (20, 7, False)],
)
def test_the_share_of_rejected_rows_counts_from_some_rows_on_their_number_always(
    read: int, rejected: int, *, acts: bool
) -> None:
    of_share, of_rows = Brakes(), Brakes(max_rejected=MaxRejected(rows=7))
    tally = Tally(read=read, created=read - rejected, rejected=rejected)

    brakes = of_share if read > 20 else of_rows
    assert (max_rejected(brakes, tally, whole=False) is not None) == acts


@pytest.mark.parametrize(("read", "rejected", "acts"), [(3, 2, True), (4, 2, False), (0, 0, False)])
def test_the_share_of_rejected_rows_counts_for_a_whole_run_however_short(
    read: int, rejected: int, *, acts: bool
) -> None:
    tally = Tally(read=read, created=read - rejected, rejected=rejected)

    assert (max_rejected(Brakes(), tally, whole=True) is not None) == acts


@given(usual=st.integers(1, 10_000), read=st.integers(0, 100_000), whole=st.booleans())
def test_a_row_count_is_far_from_the_median_only_outside_the_bounds(
    usual: int, read: int, *, whole: bool
) -> None:
    brakes = Brakes(row_count=RowCount(least=0.5, most=2))
    acts = row_count(brakes, History(row_counts=(usual,) * 3), read, whole=whole)

    assert (acts is not None) == (read > 2 * usual or (whole and read < usual / 2))


def test_a_row_count_is_not_judged_by_few_runs() -> None:
    assert row_count(Brakes(), History(row_counts=(100, 100)), 0, whole=True) is None


def test_the_figures_of_a_row_count_are_told() -> None:
    acts = row_count(Brakes(), History(row_counts=(90, 100, 120)), 600, whole=False)

    assert acts is not None
    assert acts.text == (
        "at least 600 rows are more than 5 times the 100 that the last 3 runs had (median)"
    )
    assert acts.figures == {"read": 600, "median": 100, "runs": 3, "most": 5}


def test_the_figures_of_rejected_rows_name_the_limit() -> None:
    tally = Tally(read=10, created=3, rejected=7)
    by_rows = Brakes(max_rejected=MaxRejected(rows=6))
    figures = [
        each.figures
        for each in (
            max_rejected(by_rows, tally, whole=True),
            max_rejected(Brakes(), tally, whole=True),
        )
        if each is not None
    ]

    both = {"rejected": 7, "read": 10}
    assert figures == [{**both, "most_rows": 6}, {**both, "most_share": 0.5}]
