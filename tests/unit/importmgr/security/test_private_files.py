from __future__ import annotations

from pathlib import Path

from importmgr.security.private_files import private_files


def test_files_that_are_made_meanwhile_are_their_owners_alone(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.touch()

    with private_files():
        (tmp_path / "made").touch()
        (tmp_path / "folder").mkdir()
    (tmp_path / "after").touch()

    assert (tmp_path / "made").stat().st_mode & 0o077 == 0
    assert (tmp_path / "folder").stat().st_mode & 0o077 == 0
    assert (tmp_path / "after").stat().st_mode == before.stat().st_mode
