from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from definitions.file_paths import (
    FilePattern,
    fixed_folder_problem,
    folder_problem,
    path_problem,
    pattern_of,
)

AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
PRAGUE = ZoneInfo("Europe/Prague")


EXPRESSIONS = (
    "/a{2}/",
    "/a{2,3}/",
    "/a{2,}/",
    "/a..b/",
    r"/\p{Greek}\P{L}\x{41}.csv/",
    r"/\{day\}.csv/",
    "/[0-9]{8}_{yyyy}.csv/",
)


def pattern(path: str, parent: str | None = None) -> FilePattern:
    return pattern_of(parent, path, AT, PRAGUE)


@pytest.mark.parametrize(
    ("parent", "path", "fitting", "other"),
    [
        (None, "crm.csv", "crm.csv", "crmxcsv"),
        ("/out/", "crm.csv", "out/crm.csv", "crm.csv"),
        ("out", "crm_*.csv", "out/crm_1.csv", "out/x/crm_1.csv"),
        ("out", "crm_?.csv", "out/crm_1.csv", "out/crm_12.csv"),
        (None, "*/crm.csv", "a/crm.csv", "a/b/crm.csv"),
        (None, "in/**/crm.csv", "in/a/b/crm.csv", "crm.csv"),
        (None, "in/**/crm.csv", "in/crm.csv", "in/acrm.csv"),
        (None, "a[1](2)+#&~ .csv", "a[1](2)+#&~ .csv", "a1.csv"),
        (None, r"/crm_[0-9]+\.csv/", "crm_123.csv", "crm_x.csv"),
        ("out", r"/crm_[0-9]+\.csv/", "out/crm_1.csv", "crm_1.csv"),
        ("o.t", r"/a|b/", "o.t/b", "oxt/a"),
        (None, r"/20\d\d/crm\.csv/", "2026/crm.csv", "crm.csv"),
        ("./in//", "./a.csv", "in/a.csv", "a.csv"),
    ],
)
def test_a_path_means_whole_names_below_its_folder(
    parent: str | None, path: str, fitting: str, other: str
) -> None:
    assert pattern(path, parent).fit([fitting, other, f"{fitting}x", f"x/{fitting}"]) == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("path", "folder", "depth"),
    [
        ("a.csv", "in", 1),
        ("b/a.csv", "in/b", 1),
        ("b/*/c/a.csv", "in/b", 3),
        ("b/**/a.csv", "in/b", None),
        ("/a.*/", "in", 1),
        ("/b.*/a.*/", "in", 2),
    ],
)
def test_only_the_folders_that_can_hold_them_are_listed(
    path: str, folder: str, depth: int | None
) -> None:
    found = pattern(path, "in")

    assert (found.folder, found.depth) == (folder, depth)


@pytest.mark.parametrize(
    ("path", "parent", "dated"),
    [
        ("a.csv", "in/{yyyy}", True),
        ("/a.*/", "in/{yyyy}", True),
        ("{dd}/*/a.csv", "in", True),
        ("*/{dd}/a.csv", "in", False),
        ("{dd}.csv", "in", False),
        ("/{dd}/", None, False),
    ],
)
def test_a_folder_that_comes_with_its_day_is_known(
    path: str, parent: str | None, *, dated: bool
) -> None:
    assert pattern(path, parent).dated is dated


def test_dates_are_those_of_the_zone() -> None:
    found = pattern("crm_{yyyy}-{MM}-{dd}T{HH}.csv", "{yyyy}/{MM}")

    assert found.exact == "2026/03/crm_2026-03-02T00.csv"
    assert pattern("/crm_{yyyy}[0-9]{4}/").fit(["crm_20260302"]) == [True]


@pytest.mark.parametrize(
    ("path", "exact"), [("a/b.csv", "a/b.csv"), ("*.csv", None), ("/a/", None)]
)
def test_a_path_without_wild_cards_is_one_file(path: str, exact: str | None) -> None:
    assert pattern(path).exact == exact


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../a.csv", "must not contain '..'"),
        ("a\\..\\b.csv", "must not contain '..'"),
        ("/../", "must not contain '..'"),
        ("/(a/", "unclosed group"),
        ("/a(?=b)/", "look-around"),
        (r"/(a)\1/", "backreferences"),
        ("{YYYY}.csv", "unknown placeholder '{YYYY}'; did you mean {yyyy}? Known are {yyyy}, {MM}"),
        ("{year}.csv", "did you mean {yyyy}?"),
        ("{day}.csv", "did you mean {dd}?"),
        ("{Hour}.csv", "did you mean {HH}?"),
        ("{x}.csv", "unknown placeholder '{x}'; known are"),
        ("{}.csv", "unknown placeholder '{}'; known are"),
        ("*.{csv,txt}", "write a regular expression between slashes"),
        ("/crm_{day}.*/", "unknown placeholder '{day}'; did you mean {dd}?"),
        ("/crm_{YYYY}/", "did you mean {yyyy}?"),
        ("{mm}.csv", "unknown placeholder '{mm}'"),
        ("/", "names no file; write a name"),
        ("//", "names no file"),
        ("a_{yyyy.csv", "belongs to no placeholder, in 'a_{yyyy.csv'; known are {yyyy}"),
        ("{yyyy}_{MM", "belongs to no placeholder"),
    ],
)
def test_what_cannot_be_a_path_is_told(path: str, problem: str) -> None:
    assert problem in (path_problem(path) or "")


@pytest.mark.parametrize("path", ["a..b.csv", *EXPRESSIONS, "{yyyy}{MM}{dd}{HH}"])
def test_what_looks_odd_can_be_a_path(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize("path", EXPRESSIONS)
def test_braces_of_an_expression_stay_what_they_are(path: str) -> None:
    assert pattern(path).fit(["no such file"]) == [False]


def test_a_folder_that_no_date_is_filled_into_has_none() -> None:
    assert fixed_folder_problem("in/{x}") is None
    assert "dates such as {yyyy}" in (fixed_folder_problem("in/{yyyy}") or "")
    assert "must not contain '..'" in (fixed_folder_problem("in/../x") or "")


def test_a_folder_is_no_expression() -> None:
    assert folder_problem("/a(b/") is None
    assert folder_problem("/a/../b") is not None


def test_no_expression_takes_longer_than_the_name_is_long() -> None:
    assert pattern("/(a+)+b/").fit(["a" * 5_000]) == [False]
