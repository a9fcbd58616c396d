"""A trial of writing says at which step it failed, and leaves nothing behind if it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.places import LocalPlace
from definitions.troubles import Trouble
from sources.storages.local import LocalSession, LocalStorage
from sources.writing import try_writing
from tests.storages import terms


@pytest.fixture
def session(tmp_path: Path) -> LocalSession:
    return LocalStorage(LocalPlace(folder=str(tmp_path)), terms(folders=(tmp_path,))).connect()


def refusing(*_: object) -> None:
    msg = "the login may not do that"
    raise SourceRefusedError(msg, trouble=Trouble.DENIED)


def breaking(*_: object) -> None:
    msg = "the server keeps silent"
    raise SourceUnreachableError(msg)


def test_what_cannot_be_written_is_told(
    session: LocalSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "put", refusing)

    with pytest.raises(SourceRefusedError) as caught:
        try_writing(session, "t")

    assert caught.value.trouble is Trouble.DENIED
    assert str(caught.value) == (
        "a file cannot be written in the folder: the login may not do that"
    )


def test_a_file_that_cannot_be_renamed_is_removed(
    session: LocalSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "move", breaking)

    with pytest.raises(SourceUnreachableError) as caught:
        try_writing(session, "t")

    assert str(caught.value) == "a file cannot be renamed in the folder: the server keeps silent"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_deleted_is_named(
    session: LocalSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "remove", refusing)

    with pytest.raises(SourceRefusedError) as caught:
        try_writing(session, "t")

    assert caught.value.trouble is Trouble.DENIED
    assert str(caught.value) == (
        "a file cannot be deleted in the folder: the login may not do that; .t-renamed.tmp stays "
        "there: delete it by hand"
    )
    assert [path.name for path in tmp_path.iterdir()] == [".t-renamed.tmp"]


def test_a_folder_below_is_tried_and_named(session: LocalSession, tmp_path: Path) -> None:
    (tmp_path / "done" / "old").mkdir(parents=True)

    try_writing(session, "t", "/done/old/")
    with pytest.raises(SourceRefusedError, match="written in the folder 'gone'"):
        try_writing(session, "t", "gone")

    assert [path.name for path in tmp_path.rglob("*")] == ["done", "old"]
