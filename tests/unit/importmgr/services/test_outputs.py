from __future__ import annotations

from pathlib import Path

import pytest

from definitions.errors import FormatError, RequestError
from importmgr.services.outputs import targets_in, whole_file


def test_each_input_has_a_file_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"

    assert targets_in(folder, ["x/a.csv", "-", "http://files.example/b.csv?c"]) == [
        folder / "a.csv",
        folder / "stdin",
        folder / "b.csv",
    ]
    assert folder.is_dir()


def test_two_inputs_of_one_name_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"2 inputs are called 'a\.csv' .* different folders"):
        targets_in(tmp_path / "out", ["x/a.csv", "y/a.csv", "y/b.csv"])
    assert not (tmp_path / "out").exists()


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id\n")
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(RequestError, match="is an input and would be overwritten"):
        targets_in(tmp_path / "link", [str(tmp_path / "a.csv")])


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(RequestError, match=r"file/out' cannot be written \(not a directory\)"):
        targets_in(tmp_path / "file" / "out", ["a.csv"])


def test_a_file_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")

    with whole_file(target) as write:
        write(b"new")
        write(b"er")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_does_not_become_whole_leaves_nothing(tmp_path: Path) -> None:
    def stop_in_the_middle() -> None:
        with whole_file(tmp_path / "a.csv") as write:
            write(b"beginning")
            raise FormatError

    with pytest.raises(FormatError):
        stop_in_the_middle()
    assert list(tmp_path.iterdir()) == []


def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path: Path) -> None:
    with whole_file(tmp_path / ("a" * 255)) as write:
        write(b"x")
    assert [len(path.name) for path in tmp_path.iterdir()] == [255]


def test_a_target_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()

    with (
        pytest.raises(RequestError, match=r"a\.csv' cannot be written \(is a directory\)"),
        whole_file(tmp_path / "a.csv"),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
