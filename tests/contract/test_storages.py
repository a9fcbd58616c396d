"""What every storage of the registry promises, wherever its files are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError
from sources.base import StorageSession
from sources.registry import STORAGES
from sources.writing import try_writing
from tests.postgres import MissingServerError
from tests.storages import SITES, Site

OPTIONAL = {"azure"}  # needs node
CONTENT = bytes(range(256)) * 4_000  # more than one chunk


@pytest.fixture(scope="module", params=sorted(SITES))
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A storage of each kind with the same files; one that cannot be had here is skipped."""
    folder: Path = tmp_path_factory.mktemp("storage")
    try:
        place = SITES[request.param](folder)
        found = place.__enter__()
    except MissingServerError as exc:
        if os.environ.get("CI") == "true" and request.param not in OPTIONAL:
            pytest.fail(str(exc))
        pytest.skip(str(exc))
    for path in ("a.csv", "in/b.csv", "in/ž c.csv", "in/deep/d.csv", "in/deep/er/e.csv"):
        found.put(path, path.encode())
    found.put("big.bin", CONTENT)
    yield found
    place.__exit__(None, None, None)


@pytest.fixture
def session(site: Site) -> Iterator[StorageSession]:
    with closing(site.storage.connect()) as opened:
        yield opened


def paths(session: StorageSession, folder: str, depth: int | None) -> list[str]:
    return sorted(file.path for file in session.list(folder, depth))


def test_every_storage_has_a_site_here() -> None:
    assert {name.partition("-")[0] for name in SITES} == set(STORAGES)


@pytest.mark.parametrize(
    ("folder", "depth", "expected"),
    [
        ("", 1, ["a.csv", "big.bin"]),
        ("in", 1, ["in/b.csv", "in/ž c.csv"]),
        ("in", 2, ["in/b.csv", "in/deep/d.csv", "in/ž c.csv"]),
        ("in", None, ["in/b.csv", "in/deep/d.csv", "in/deep/er/e.csv", "in/ž c.csv"]),
        ("in/deep/er", 1, ["in/deep/er/e.csv"]),
    ],
)
def test_files_are_listed_as_deep_as_asked(
    session: StorageSession, folder: str, depth: int | None, expected: list[str]
) -> None:
    assert paths(session, folder, depth) == expected


def test_the_list_and_a_look_show_the_same(session: StorageSession) -> None:
    listed = next(file for file in session.list("in", 1) if file.path == "in/b.csv")

    assert session.stat("in/b.csv") == listed
    assert listed.size == len("in/b.csv")
    assert listed.modified_at is not None
    assert listed.modified_at.tzinfo is not None


@pytest.mark.parametrize("offset", [0, 1, 300_000, len(CONTENT) - 1, len(CONTENT)])
def test_reading_begins_at_the_offset(session: StorageSession, offset: int) -> None:
    assert b"".join(session.open("big.bin", offset)) == CONTENT[offset:]


@pytest.mark.parametrize("path", ["nothing.csv", "in", "nowhere/x.csv"])
def test_what_is_no_file_is_none(session: StorageSession, path: str) -> None:
    assert session.stat(path) is None


def test_reading_a_file_that_is_gone_is_refused(session: StorageSession) -> None:
    with pytest.raises(SourceRefusedError, match=r"nothing\.csv"):
        list(session.open("nothing.csv", 0))


def test_a_folder_that_is_not_there_is_refused_or_empty(
    site: Site, session: StorageSession
) -> None:
    if site.has_folders:
        with pytest.raises(SourceRefusedError, match="nowhere"):
            list(session.list("nowhere", 1))
    else:
        assert paths(session, "nowhere", 1) == []


def test_a_replaced_file_looks_different(site: Site, session: StorageSession) -> None:
    site.put("new/x.csv", b"1")
    before = session.stat("new/x.csv")
    site.put("new/x.csv", b"22")
    after = session.stat("new/x.csv")
    site.remove("new/x.csv")

    assert before != after
    assert session.stat("new/x.csv") is None


def test_a_moved_file_has_its_new_path_only(site: Site, session: StorageSession) -> None:
    site.put("out/ž x.csv", b"moved")

    moved = session.move("out/ž x.csv", "out/done/2026/ž y.csv")

    assert moved
    assert session.stat("out/ž x.csv") is None
    assert b"".join(session.open("out/done/2026/ž y.csv", 0)) == b"moved"
    session.remove("out/done/2026/ž y.csv")
    assert session.stat("out/done/2026/ž y.csv") is None


def test_a_small_new_file_is_written_but_never_over_another_one(session: StorageSession) -> None:
    session.put("put.csv", b"new")

    with pytest.raises(SourceRefusedError, match=r"there is a 'put\.csv' already"):
        session.put("put.csv", b"other")
    assert b"".join(session.open("put.csv", 0)) == b"new"
    session.remove("put.csv")


def test_a_trial_of_writing_leaves_nothing_behind(session: StorageSession) -> None:
    before = {file.path for file in session.list("", 1)}

    try_writing(session, "trial")

    assert {file.path for file in session.list("", 1)} == before


def test_nothing_is_overwritten(site: Site, session: StorageSession) -> None:
    site.put("taken/x.csv", b"new")
    site.put("taken/done/x.csv", b"old")

    moved = session.move("taken/x.csv", "taken/done/x.csv")

    assert not moved
    assert b"".join(session.open("taken/x.csv", 0)) == b"new"
    assert b"".join(session.open("taken/done/x.csv", 0)) == b"old"


def test_what_is_gone_cannot_be_moved_and_need_not_be_removed(session: StorageSession) -> None:
    with pytest.raises(SourceRefusedError, match=r"nothing\.csv"):
        session.move("nothing.csv", "in/nothing.csv")
    session.remove("nothing.csv")
    session.remove("nowhere/nothing.csv")

    assert session.stat("in/nothing.csv") is None


def test_the_time_is_told_or_not(session: StorageSession) -> None:
    told = session.now()

    assert told is None or told.tzinfo is not None
