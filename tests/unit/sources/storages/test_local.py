"""What a folder of this machine gives away, and what it does not."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError
from definitions.passing_over import Reason
from definitions.places import LocalPlace
from definitions.troubles import Trouble
from sources.storages.local import LocalSession, LocalStorage
from tests.storages import terms


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    folder = tmp_path / "allowed"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.csv").write_text("a")
    (tmp_path / "secret.csv").write_text("secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.csv").write_text("b")
    return folder


def opened(folder: Path, *allowed: Path) -> LocalSession:
    return LocalStorage(LocalPlace(folder=str(folder)), terms(folders=allowed)).connect()


def names(session: LocalSession) -> list[str]:
    with closing(session):
        return sorted(file.path for file in session.list("", None) if file.barred is None)


def test_a_folder_below_an_allowed_one_is_read(allowed: Path) -> None:
    assert names(opened(allowed / "in", allowed)) == ["a.csv"]


@pytest.mark.parametrize("path", [".", "outside", "allowed/../outside", "allowed-not"])
def test_no_other_folder_is_read(allowed: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "allowed-not").mkdir()
    with pytest.raises(SourceRefusedError, match="IMPORTMGR_LOCAL_FOLDERS") as caught:
        opened(tmp_path / path, allowed)

    assert caught.value.trouble is Trouble.NOT_ALLOWED


def test_nothing_is_read_unless_the_operator_allows_it(allowed: Path) -> None:
    with pytest.raises(SourceRefusedError, match="IMPORTMGR_LOCAL_FOLDERS"):
        opened(allowed)


def test_a_folder_that_leads_out_is_not_allowed(allowed: Path, tmp_path: Path) -> None:
    (allowed / "out").symlink_to(tmp_path / "outside")

    with pytest.raises(SourceRefusedError, match="IMPORTMGR_LOCAL_FOLDERS"):
        opened(allowed / "out", allowed)


def test_links_that_stay_inside_are_followed(allowed: Path) -> None:
    (allowed / "link.csv").symlink_to(allowed / "in" / "a.csv")
    (allowed / "folder").symlink_to(allowed / "in")

    session = opened(allowed, allowed)

    assert names(session) == ["folder/a.csv", "in/a.csv", "link.csv"]
    assert b"".join(session.open("link.csv", 0)) == b"a"


def test_links_that_lead_out_are_not_listed_and_not_read(allowed: Path, tmp_path: Path) -> None:
    (allowed / "link.csv").symlink_to(tmp_path / "secret.csv")
    (allowed / "folder").symlink_to(tmp_path / "outside")
    session = opened(allowed, allowed)

    assert names(session) == ["in/a.csv"]
    for path in ("link.csv", "folder/b.csv", "../secret.csv", str(tmp_path / "secret.csv")):
        with pytest.raises(SourceRefusedError, match="leads out"):
            session.stat(path)
        with pytest.raises(SourceRefusedError, match="leads out"):
            list(session.open(path, 0))


def test_links_are_barred_unless_a_file_of_the_storage_is_behind_them(
    allowed: Path, tmp_path: Path
) -> None:
    targets = {
        "out": tmp_path / "secret.csv",
        "outside": tmp_path / "outside",
        "nobody-knows": tmp_path / "nothing",
        "dangling": allowed / "nothing",
        "self": allowed / "self",
    }
    for name, target in targets.items():
        (allowed / name).symlink_to(target)
    os.mkfifo(allowed / "pipe")

    with closing(opened(allowed, allowed)) as session:
        barred = {file.path: file.barred for file in session.list("", None)}

    assert barred == {
        "in/a.csv": None,
        "out": Reason.LEADS_OUT,
        "outside": Reason.LEADS_OUT,
        "nobody-knows": Reason.LEADS_OUT,
        "dangling": Reason.LEADS_NOWHERE,
        "self": Reason.LEADS_NOWHERE,
        "pipe": Reason.NO_PLAIN_FILE,
    }


def test_links_in_a_circle_end(allowed: Path) -> None:
    (allowed / "in" / "again").symlink_to(allowed)
    (allowed / "self").symlink_to(allowed / "self")
    (allowed / "dangling").symlink_to(allowed / "nothing")

    assert names(opened(allowed, allowed)) == ["in/a.csv"]


def test_a_pipe_is_no_file_and_is_not_waited_for(allowed: Path) -> None:
    os.mkfifo(allowed / "pipe.csv")
    session = opened(allowed, allowed)

    assert names(session) == ["in/a.csv"]
    assert session.stat("pipe.csv") is None
    with pytest.raises(SourceRefusedError, match="no plain file"):
        list(session.open("pipe.csv", 0))


def test_nothing_is_moved_or_removed_through_links(allowed: Path, tmp_path: Path) -> None:
    (allowed / "out").symlink_to(tmp_path / "outside")
    (allowed / "link.csv").symlink_to(allowed / "in" / "a.csv")
    session = opened(allowed, allowed)

    for path, target in (
        ("out/b.csv", "b.csv"),
        ("in/a.csv", "out/a.csv"),
        ("in/a.csv", "../a.csv/x"),
        ("link.csv", "l.csv"),
    ):
        with pytest.raises(SourceRefusedError, match=r"link|go up"):
            session.move(path, target)
    for path in ("out/b.csv", "link.csv"):
        with pytest.raises(SourceRefusedError, match=r"link|go up"):
            session.remove(path)

    assert (tmp_path / "outside" / "b.csv").exists()
    assert (allowed / "in" / "a.csv").read_text() == "a"


def test_a_file_in_the_way_of_a_folder_is_named(allowed: Path) -> None:
    (allowed / "done").touch()

    with pytest.raises(SourceRefusedError, match="'done' is a file, so 'done/x"):
        opened(allowed, allowed).move("in/a.csv", "done/x/a.csv")

    assert (allowed / "in" / "a.csv").exists()


def test_what_is_missing_is_named(allowed: Path) -> None:
    with pytest.raises(SourceRefusedError, match="nowhere") as caught:
        opened(allowed / "nowhere", allowed)

    assert caught.value.trouble is Trouble.PATH
    with pytest.raises(SourceRefusedError, match="is no folder"):
        opened(allowed / "in" / "a.csv", allowed)


def test_a_file_tells_when_it_was_touched_whatever_its_time_was_set_to(allowed: Path) -> None:
    os.utime(allowed / "in" / "a.csv", (0, 0))

    with closing(opened(allowed / "in", allowed)) as session:
        found = session.stat("a.csv")

    assert found is not None
    assert found.modified_at is not None
    assert found.touched_at is not None
    assert (found.modified_at.year, found.touched_at.year > 2000) == (1970, True)


def test_folders_that_are_made_have_the_rights_of_the_one_above(allowed: Path) -> None:
    allowed.chmod(0o750)
    before = os.umask(0o077)  # as the service has it
    try:
        opened(allowed, allowed).move("in/a.csv", "done/x/a.csv")
    finally:
        os.umask(before)

    made = (allowed / "done", allowed / "done" / "x")
    assert [path.stat().st_mode & 0o777 for path in made] == [0o750, 0o750]
