from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from definitions.errors import LostLeaseError, TemporaryError
from sources.base import RemoteFile
from sources.part import NOTHING, Identity, Part, find_whole

IDENTITY = Identity(etag='"1"', modified=None, size=6)
MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
REMOTE = RemoteFile(path="http://x/a", size=6, modified_at=MOMENT, etag='"1"')


def test_a_part_becomes_the_whole_file(tmp_path: Path) -> None:
    into = tmp_path / "0"
    with Part(into) as part:
        part.restart(IDENTITY)
        wholeness = []
        for data in (b"abc", b"def"):
            part.write(data)
            wholeness.append(part.is_whole)
        assert wholeness == [False, True]
        whole = part.finish(REMOTE)
    assert into.read_bytes() == b"abcdef"
    assert whole.sha256 == hashlib.sha256(b"abcdef").hexdigest()
    assert (
        find_whole(RemoteFile(path="http://x/a", size=None, modified_at=None, etag=None), into)
        == whole
    )


def test_a_part_goes_on_where_another_one_was_left(tmp_path: Path) -> None:
    with Part(tmp_path / "0") as part:
        part.restart(IDENTITY)
        part.write(b"abc")
    with Part(tmp_path / "0") as again:
        assert (again.identity, again.size) == (IDENTITY, 3)
        again.write(b"def")
        assert again.finish(REMOTE).sha256 == hashlib.sha256(b"abcdef").hexdigest()


def test_a_part_whose_content_cannot_be_proved_is_thrown_away(tmp_path: Path) -> None:
    with Part(tmp_path / "0") as part:
        part.restart(Identity(etag='W/"1"', modified=None, size=6))
        part.write(b"abc")
    with Part(tmp_path / "0") as again:
        assert (again.identity, again.size) == (NOTHING, 0)
    assert (tmp_path / "0.part").read_bytes() == b""


@pytest.mark.parametrize("notes", ["", "{", "null", '{"etag": 1}', "[1]"])
def test_a_part_with_damaged_notes_is_thrown_away(notes: str, tmp_path: Path) -> None:
    (tmp_path / "0.part").write_bytes(b"abc")
    (tmp_path / "0.part.json").write_text(notes)
    with Part(tmp_path / "0") as part:
        assert part.size == 0


def test_a_restart_forgets_what_was_there(tmp_path: Path) -> None:
    with Part(tmp_path / "0") as part:
        part.restart(IDENTITY)
        part.write(b"abc")
        part.restart(Identity(etag='"2"', modified=None, size=1))
        part.write(b"x")
        assert part.finish(REMOTE).sha256 == hashlib.sha256(b"x").hexdigest()
    assert (tmp_path / "0").read_bytes() == b"x"


def test_a_file_without_notes_is_not_taken_for_whole(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(b"abc")
    assert find_whole(REMOTE, tmp_path / "0") is None


def test_a_file_of_another_length_is_not_taken_for_whole(tmp_path: Path) -> None:
    with Part(tmp_path / "0") as part:
        part.restart(IDENTITY)
        part.write(b"abcdef")
        part.finish(REMOTE)
    (tmp_path / "0").write_bytes(b"abc")
    assert find_whole(REMOTE, tmp_path / "0") is None


def test_a_strong_tag_proves_content_and_else_the_date() -> None:
    assert Identity(etag='"1"', modified="d", size=None).validator == '"1"'
    assert Identity(etag='W/"1"', modified="d", size=None).validator == "d"
    assert NOTHING.validator is None


def test_a_full_disk_is_temporary_and_everything_is_forgotten(tmp_path: Path) -> None:
    """/dev/full answers every write as a full disk does."""
    with Part(tmp_path / "0") as part:
        part.restart(IDENTITY)
        part._file.close()
        part._file = Path("/dev/full").open("ab", buffering=0)  # noqa: SIM115
        with pytest.raises(TemporaryError, match="No space left on device"):
            part.write(b"x")
        assert (part.size, part.identity) == (0, NOTHING)
    with Part(tmp_path / "0") as again:
        assert again.identity == NOTHING


def test_a_part_that_cannot_be_opened_is_temporary(tmp_path: Path) -> None:
    with pytest.raises(TemporaryError, match=r"written \(No such file or directory\)"):
        Part(tmp_path / "gone" / "0")


def test_a_part_has_one_holder(tmp_path: Path) -> None:
    """One that lost its lease while it was frozen wakes up and still holds its file."""
    with Part(tmp_path / "0") as sleeper:
        sleeper.restart(IDENTITY)
        sleeper.write(b"abc")
        with pytest.raises(TemporaryError, match="still writes the file"):
            Part(tmp_path / "0")
        sleeper.write(b"def")
    with Part(tmp_path / "0") as again:
        assert again.finish(REMOTE).sha256 == hashlib.sha256(b"abcdef").hexdigest()


def test_a_part_that_was_made_whole_before_it_was_locked_is_left_alone(tmp_path: Path) -> None:
    with Part(tmp_path / "0") as late:
        (tmp_path / "0.part").rename(tmp_path / "0")
        with pytest.raises(TemporaryError, match="still writes the file"):
            late._lock()


@pytest.mark.parametrize("size", [5, 7])
def test_a_part_that_somebody_changed_does_not_become_the_file(size: int, tmp_path: Path) -> None:
    with Part(tmp_path / "0") as part:
        part.restart(IDENTITY)
        part.write(b"abcdef")
        with (tmp_path / "0.part").open("r+b") as other:
            other.truncate(size)
        with pytest.raises(TemporaryError, match=f"has {size} bytes instead of 6; .*afresh"):
            part.finish(REMOTE)
        assert (part.size, part.is_whole) == (0, False)
    assert not (tmp_path / "0").exists()


def test_whoever_stops_the_reading_of_a_part_leaves_it_for_the_next(tmp_path: Path) -> None:
    with Part(tmp_path / "0") as part:
        part.restart(IDENTITY)
        part.write(b"abc")

    def stop() -> None:
        msg = "stop"
        raise LostLeaseError(msg)

    with pytest.raises(LostLeaseError):
        Part(tmp_path / "0", stop)
    with Part(tmp_path / "0") as again:
        assert again.size == 3
