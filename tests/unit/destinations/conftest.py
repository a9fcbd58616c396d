"""A database of both kinds with every table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.loading import with_tables


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    """An engine on a database of this test alone; the test runs on both kinds."""
    with with_tables(empty_database_url) as engine:
        yield engine
