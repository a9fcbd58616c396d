from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Product]:
    """The whole inside on either kind of database."""
    product = Product(database_url, tmp_path / "var")
    yield product
    product.close()


@pytest.fixture
def small_product(sqlite_url: str, tmp_path: Path) -> Iterator[Product]:
    """The whole inside on SQLite, for what no database has a part in."""
    product = Product(sqlite_url, tmp_path / "var")
    yield product
    product.close()
