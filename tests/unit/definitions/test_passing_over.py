"""Names of files that are never taken."""

from __future__ import annotations

import pytest

from definitions.passing_over import Reason, finished, is_temporary, never_taken, told


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("a.csv.part", "a.csv"),
        ("in/A.CSV.TMP", "in/A.CSV"),
        ("in/.a.csv.filepart", "in/a.csv"),
        (".part", ""),
        ("a.csv", "a.csv"),
    ],
)
def test_a_name_is_finished_without_its_temporary_parts(path: str, end: str) -> None:
    assert finished(path) == end


@pytest.mark.parametrize("path", ["a.PART", ".a", "x/.a", ".x/a", "x/a.tmp"])
def test_temporary_names_end_or_begin_like_that(path: str) -> None:
    assert is_temporary(path)
    assert not is_temporary("x.part/a.b.csv")


@pytest.mark.parametrize(
    "path",
    ["a.csv.part", "*.tmp", "in/.a.csv", r"/.*\.part/", r"/^\.crm[.]csv$/", "/a[.]FILEPART$/"],
)
def test_a_path_that_means_temporary_names_takes_nothing(path: str) -> None:
    assert "temporary name" in (never_taken(path, None) or "")


@pytest.mark.parametrize("path", ["*.md5", "a.csv.sha256", "a.csv.done"])
def test_a_path_that_means_what_stands_beside_others_takes_nothing(path: str) -> None:
    assert "beside another one" in (never_taken(path, ".done") or "")


@pytest.mark.parametrize(
    "path",
    ["a.csv", "*", "*.part*", "a.done", r"/.*\.csv/", "/.*part/", r"/a\.csv|b\.part/", "/x.part/"],
)
def test_a_path_that_may_mean_other_names_is_let_be(path: str) -> None:
    assert never_taken(path, None) is None


def test_many_files_are_told_as_one() -> None:
    facts = {"path": "a.csv", "count": 9, "reason": Reason.LEADS_NOWHERE.value, "run_id": "r1"}

    assert told(facts) == (
        "9 files, the first a.csv: passed over by run r1 (link leads nowhere); put the file itself "
        "there"
    )
