from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from definitions.errors import SettingsError
from importmgr.security import key_file


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "master.key"

    key_file.create(path, "text\n")

    assert key_file.read(path) == "text\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_whoever_comes_second_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "master.key"

    key_file.create(path, "first")
    key_file.create(path, "second")

    assert key_file.read(path) == "first"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    key_file.create(path, "text")
    path.chmod(mode)

    with pytest.raises(SettingsError, match=rf"can be read by others \(mode {mode:04o}\): chmod"):
        key_file.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"master.key' cannot be read"):
        key_file.read(tmp_path / "master.key")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(SettingsError, match="cannot be written"):
        key_file.create(tmp_path / "file" / "master.key", "text")


def test_replacing_is_whole_and_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    key_file.create(path, "old")

    key_file.replace(path, "new")

    assert key_file.read(path) == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_of_several_at_once_one_wins_whole(tmp_path: Path) -> None:
    path = tmp_path / "master.key"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: key_file.create(path, str(n) * 1000), range(4)))

    assert len(set(key_file.read(path))) == 1
    assert list(tmp_path.iterdir()) == [path]
