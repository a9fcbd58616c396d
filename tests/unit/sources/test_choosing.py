from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from definitions.file_decisions import FileCode, FileDecision
from definitions.file_paths import pattern_of
from definitions.model import FileSelection
from definitions.passing_over import Reason
from sources.base import RemoteFile
from sources.choosing import Listing, select, survey, version_of
from tests.unit.sources.files import NOW, remote

A, B, C = remote("a.csv", 3000), remote("b.csv", 100), remote("c.csv", 500)
ALL = pattern_of(None, "*", NOW, ZoneInfo("UTC"))


def listing(*files: RemoteFile, marker: str | None = None) -> Listing:
    return survey(files, ALL, marker)


@pytest.mark.parametrize(
    ("selection", "expected", "left"),
    [
        (FileSelection.ALL, [A, B, C], {}),
        (FileSelection.LAST_MOD, [B], {FileCode.NOT_LAST: 2}),
        (FileSelection.LAST_ALPHA, [C], {FileCode.NOT_LAST: 2}),
        (FileSelection.NOT_IMPORTED, [A, C], {FileCode.IMPORTED: 1}),
    ],
)
def test_a_selection_takes_files_by_name(
    selection: FileSelection, expected: list[RemoteFile], left: dict[FileCode, int]
) -> None:
    choice = select(listing(C, B, A), selection, frozenset({version_of(B)}))

    assert list(choice.files) == expected
    assert {each.code: each.facts["count"] for each in choice.decisions} == left


@pytest.mark.parametrize("selection", FileSelection)
def test_nothing_is_taken_of_nothing(selection: FileSelection) -> None:
    assert select(listing(), selection, frozenset()).files == ()


@pytest.mark.parametrize(
    "changed",
    [remote("b.csv", 100, size=2), remote("b.csv", 99), remote("b.csv", 100, etag="x")],
    ids=["size", "time", "etag"],
)
def test_a_changed_file_is_not_imported_yet(changed: RemoteFile) -> None:
    known = frozenset({version_of(B)})

    assert select(listing(changed), FileSelection.NOT_IMPORTED, known).files == (changed,)


def test_a_late_file_with_an_old_date_is_taken() -> None:
    known = frozenset({version_of(A), version_of(B)})
    late = remote("a-late.csv", age=10_000_000)

    assert select(listing(A, B, late), FileSelection.NOT_IMPORTED, known).files == (late,)


@pytest.mark.parametrize(
    "name",
    [
        "a.csv.part",
        "a.csv.tmp",
        "a.csv.filepart",
        "A.CSV.TMP",
        ".a.csv",
        "a.csv.md5",
        "a.csv.sha256",
        "a.csv.done",
    ],
)
def test_names_that_are_no_data_are_never_meant(name: str) -> None:
    assert listing(remote(name), A, marker=".done").files == (A,)


def test_names_that_would_be_meant_are_passed_over_and_others_are_not_told() -> None:
    pattern = pattern_of("in", "**/crm_*.csv", NOW, ZoneInfo("UTC"))
    link = replace(remote("in/crm_4.csv"), barred=Reason.LEADS_OUT)
    other_link = replace(remote("in/other"), barred=Reason.LEADS_OUT)
    names = (
        "in/crm_1.csv.part",
        "in/.crm_2.csv",
        "in/.stage/crm_3.csv",
        "in/crm_\udcff.csv.tmp",
        "in/crm_1.csv.done.part",
        "in/crm_1.csv.md5",
        "in/other.csv.part",
        "in/.hidden",
    )
    found = survey([*map(remote, names), link, other_link], pattern, ".done")

    temporary = Reason.TEMPORARY_NAME
    assert [(each.path, each.reason) for each in found.passed_over] == [
        ("in/.crm_2.csv", temporary),
        ("in/.stage/crm_3.csv", temporary),
        ("in/crm_1.csv.part", temporary),
        ("in/crm_4.csv", Reason.LEADS_OUT),
        (r"in/crm_\xff.csv.tmp", temporary),
    ]
    assert found.files == ()


def test_a_barred_marker_marks_nothing() -> None:
    marker = replace(remote("a.csv.done"), barred=Reason.LEADS_OUT)

    assert listing(A, marker, marker=".done").marked == frozenset()


def test_names_that_no_path_can_hold_are_shown_with_escapes() -> None:
    odd = [remote(name) for name in ("b\udcff.csv", "a\0.csv", "c/\udcfc.csv", "\udcff.csv.part")]

    found = listing(*odd, A)

    assert (found.files, found.misnamed) == ((A,), (r"a\x00.csv", r"b\xff.csv"))


def test_folders_that_begin_with_a_dot_are_left_out() -> None:
    everywhere = pattern_of("in", "**/*.csv", NOW, ZoneInfo("UTC"))
    found = survey([remote("in/.partial/a.csv"), remote("in/x/b.csv")], everywhere, None)

    assert [file.path for file in found.files] == ["in/x/b.csv"]


def test_markers_are_seen_in_passing() -> None:
    found = listing(A, remote("a.csv.ok", 5), remote("b.csv", 7), marker=".ok")

    assert found.marked == {"a.csv"}


def test_a_hundred_thousand_names_take_little_memory() -> None:
    """The bound is that which was promised: 200 MB, with the ledger."""
    tracemalloc.start()
    choose_the_new(100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 100 << 20


def test_the_work_grows_with_the_number_of_names_alone() -> None:
    few, many = (calls_of(partial(choose_the_new, count)) for count in (1_000, 4_000))

    assert few > 1_000
    assert many < 5 * few  # its square would be 16 times as much


def choose_the_new(count: int) -> None:
    """Choose among so many names, of which all but two were imported before."""
    known = frozenset(version_of(remote(f"in/crm_{n:06}.csv", n)) for n in range(count - 2))

    def entries() -> Iterator[RemoteFile]:
        return (remote(f"in/crm_{n:06}.csv", n) for n in range(count))

    pattern = pattern_of("in", r"/crm_[0-9]+\.csv/", NOW.astimezone(UTC), ZoneInfo("UTC"))
    choice = select(survey(entries(), pattern, None), FileSelection.NOT_IMPORTED, known)

    assert len(choice.files) == 2
    assert choice.decisions == (FileDecision(code=FileCode.IMPORTED, facts={"count": count - 2}),)


def calls_of(work: Callable[[], None]) -> int:
    """Return how many functions are called for some work."""
    calls: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda _frame, event, _arg: calls.update((event,)))
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls["call"]
