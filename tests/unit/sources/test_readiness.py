from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from definitions.file_decisions import FileCode
from sources.base import RemoteFile
from sources.choosing import Listing
from sources.readiness import Readiness, is_old
from tests.unit.sources.files import NOW, remote

OLD, YOUNG = remote("old.csv", 31), remote("young.csv", 29)


@dataclass
class Looks:
    """What the second look shows, and how long was waited for it."""

    later: Sequence[RemoteFile] = ()
    waited: list[float] = field(default_factory=list)
    looked_at: list[RemoteFile] = field(default_factory=list)

    def again(self, files: Sequence[RemoteFile]) -> Mapping[str, RemoteFile]:
        self.looked_at += files
        return {file.path: file for file in self.later}

    def readiness(self, stable_for: float = 30, marker: str | None = None) -> Readiness:
        return Readiness(
            stable_for=stable_for, marker=marker, wait=self.waited.append, again=self.again
        )


def listed(*files: RemoteFile, marked: frozenset[str] = frozenset()) -> Listing:
    return Listing(files=files, marked=marked)


def test_what_is_old_by_the_clock_of_the_storage_is_ready_at_once() -> None:
    looks = Looks()

    ready, left = looks.readiness().sort_out([OLD], listed(OLD), NOW)

    assert (ready, left, looks.waited) == ((OLD,), (), [])


def test_what_was_touched_just_now_is_not_old_whatever_time_its_uploader_gave_it() -> None:
    touched = replace(OLD, touched_at=NOW - timedelta(seconds=5))
    still = replace(OLD, touched_at=NOW - timedelta(seconds=31))
    ahead = replace(OLD, touched_at=NOW + timedelta(days=1))
    ages = [is_old(file, timedelta(seconds=30), NOW) for file in (touched, still, ahead)]

    assert ages == [False, True, True]


def test_what_is_young_is_looked_at_twice() -> None:
    looks = Looks(later=[YOUNG])

    ready, left = looks.readiness().sort_out([OLD, YOUNG], listed(), NOW)

    assert ready == (OLD, YOUNG)
    assert left == ()
    assert looks.waited == [30]
    assert looks.looked_at == [YOUNG]


@pytest.mark.parametrize(
    "later", [[], [remote("young.csv", 29, size=2)], [remote("young.csv", 1)]], ids=str
)
def test_what_changes_between_two_looks_is_left_alone(later: list[RemoteFile]) -> None:
    ready, left = Looks(later=later).readiness().sort_out([OLD, YOUNG], listed(), NOW)

    assert ready == (OLD,)
    assert [(each.code, each.facts["path"]) for each in left] == [(FileCode.IN_FLIGHT, "young.csv")]


def test_without_a_clock_everything_is_looked_at_twice() -> None:
    looks = Looks(later=[OLD])

    assert looks.readiness().sort_out([OLD], listed(), None)[0] == (OLD,)
    assert looks.waited == [30]


def test_the_order_is_kept() -> None:
    files = [remote("a.csv", 1), remote("b.csv"), remote("c.csv", 1)]

    ready, _ = Looks(later=files).readiness().sort_out(files, listed(), NOW)

    assert list(ready) == files


def test_a_marker_is_all_that_counts_where_one_is_wanted() -> None:
    looks = Looks()
    found = listed(OLD, YOUNG, marked=frozenset({"young.csv"}))

    ready, left = looks.readiness(marker=".done").sort_out([OLD, YOUNG], found, NOW)

    assert ready == (YOUNG,)
    assert [each.text for each in left] == [
        "old.csv has no .done beside it and is left for a later run"
    ]
    assert looks.waited == []


def test_no_time_is_waited_where_none_is_wanted() -> None:
    looks = Looks()

    assert looks.readiness(stable_for=0).sort_out([YOUNG], listed(), None)[0] == (YOUNG,)
    assert looks.waited == []
