"""Profiles in their file."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.errors import NotFoundError, SettingsError
from importmgr.cli.profile_file import Profile, ProfileFile

PROFILE = Profile(url="http://a.example", key_id="k", secret="geheim", project="p")


@pytest.fixture
def file(tmp_path: Path) -> ProfileFile:
    return ProfileFile(tmp_path / "config" / "importmgr" / "profiles.json")


def test_a_saved_profile_is_found_again(file: ProfileFile) -> None:
    file.save("default", PROFILE)
    file.save("other", Profile(url="http://b", key_id="ž", secret="s", project="q"))

    assert file.get("default") == PROFILE
    assert file.all()["other"].key_id == "ž"


def test_only_the_owner_may_read_the_file(file: ProfileFile) -> None:
    file.save("default", PROFILE)

    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.path.parent.iterdir()] == ["profiles.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_that_others_may_use_is_refused(file: ProfileFile, mode: int) -> None:
    file.save("default", PROFILE)
    file.path.chmod(mode)

    with pytest.raises(SettingsError, match=f"mode {mode:04o}.: chmod 600 it"):
        file.get("default")


def test_an_unknown_profile_is_told_with_those_there_are(file: ProfileFile) -> None:
    with pytest.raises(NotFoundError, match="no profile 'x': there are none yet"):
        file.get("x")

    file.save("default", PROFILE)

    with pytest.raises(NotFoundError, match="no profile 'x': known are default"):
        file.get("x")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"url": "x"}}'])
def test_a_damaged_file_is_told(file: ProfileFile, text: str) -> None:
    file.save("default", PROFILE)
    file.path.write_text(text)

    with pytest.raises(SettingsError, match="is damaged"):
        file.all()


def test_a_removed_profile_is_gone(file: ProfileFile) -> None:
    file.save("default", PROFILE)
    file.remove("default")

    assert file.all() == {}
    with pytest.raises(NotFoundError):
        file.remove("default")


def test_the_secret_is_not_shown() -> None:
    assert "geheim" not in repr(PROFILE)


def test_the_file_is_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    assert ProfileFile.of_user().path == tmp_path / "importmgr" / "profiles.json"
