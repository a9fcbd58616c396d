from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.file_server import FileServer
from tests.product import Product

ROWS = 300
BATCH_BYTES = 1000  # of a file of some 6000


@pytest.fixture
def in_batches(product: Product) -> Iterator[Product]:
    """The same installation, whose batches are small."""
    made = product.beside(batch_bytes=BATCH_BYTES)
    yield made
    made.close()


@pytest.fixture
def people_url(file_server: FileServer) -> str:
    """The address of a file of ROWS people that makes several small batches."""
    rows = "".join(f"p{number}@example.com,P{number}\n" for number in range(ROWS))
    return file_server.put("/people.csv", "mail,name\n" + rows)
