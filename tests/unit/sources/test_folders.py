from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from definitions.errors import SourceRefusedError
from definitions.file_paths import pattern_of
from definitions.places import LocalPlace
from sources.folders import listed
from sources.storages.local import LocalStorage
from tests.storages import terms

DATED = pattern_of("in/{yyyy}", "*.csv", datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("UTC"))


def test_a_folder_that_comes_with_its_day_need_not_be_there(tmp_path: Path) -> None:
    place = LocalPlace(folder=str(tmp_path / "root"))
    (tmp_path / "root").mkdir()
    session = LocalStorage(place, terms(folders=(tmp_path,))).connect()

    assert list(listed(session, DATED)) == []
    with pytest.raises(SourceRefusedError, match="'in/2026'"):
        list(listed(session, replace(DATED, dated=False)))
    (tmp_path / "root" / "in" / "2026").mkdir(parents=True)
    (tmp_path / "root" / "in" / "2026" / "a.csv").touch()
    assert [file.path for file in listed(session, DATED)] == ["in/2026/a.csv"]
    shutil.rmtree(tmp_path / "root")
    with pytest.raises(SourceRefusedError):
        list(listed(session, DATED))
