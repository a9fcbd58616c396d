from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from destinations.engine import create_engine
from tests.stores import Stores


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def stores(engine: Engine) -> Stores:
    return Stores(engine)
