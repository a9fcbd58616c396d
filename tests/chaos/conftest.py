"""What tests of this folder share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import Databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """What makes one more migrated database of one kind and returns its URL."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite")
        return lambda name: f"sqlite:///{shutil.copy(migrated, tmp_path / f'{name}.db')}"
    databases: Databases = request.getfixturevalue("databases")
    template: str = request.getfixturevalue("migrated_postgres")
    return lambda _: databases.create(databases.new_name(), template=template)
