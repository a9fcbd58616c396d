from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product
from tests.watching import Watch


@pytest.fixture
def one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PostgreSQL's clock, which cannot be set, show what the clock of the test shows."""
    monkeypatch.setattr("importmgr.store.schedules.present", lambda _, ours: ours)


@pytest.fixture
def watch(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """A folder beside a product; PostgreSQL's clock, which cannot be set, shows the test's."""
    for module in ("watches", "queueing", "runs", "claims"):
        monkeypatch.setattr(f"importmgr.store.{module}.present", lambda _, ours: ours)
    product = Product(database_url, tmp_path / "var", local_folders=(tmp_path,))
    yield Watch.of(product, tmp_path / "drop")
    product.close()
