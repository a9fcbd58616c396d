from __future__ import annotations

import pytest

from definitions.errors import SourceRefusedError
from importmgr.services.addresses import Addresses
from importmgr.store.definitions import StoredDefinition
from tests.acceptance.documents import idle, people
from tests.file_server import FileServer, Stall
from tests.product import Product
from tests.stores import ORIGIN


def stored(product: Product, url: str) -> StoredDefinition:
    import_id = product.create(idle(people(url)))
    return product.services.definitions.require(product.project, import_id, ORIGIN)


def addresses(product: Product) -> Addresses:
    return Addresses(product.wiring.sources, product.wiring.spool)


def test_an_etag_is_enough_to_know_a_file(product: Product, file_server: FileServer) -> None:
    url = file_server.put("/a.csv", "x")

    file = addresses(product).look(stored(product, url), lambda: None)

    assert (file.path, file.size, file.etag) == (url, 1, file_server.file("/a.csv").etag)
    assert file_server.count("/a.csv").gets == 0


def test_a_file_of_which_nothing_is_said_is_known_by_its_hash(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/a.csv", "x")
    file_server.file("/a.csv").etag = file_server.file("/a.csv").modified = None

    file = addresses(product).look(stored(product, url), lambda: None)

    assert file.etag == "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert product.wiring.spool.runs() == []


def test_a_look_that_takes_too_long_leaves_nothing(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/a.csv", "x" * 1_000_000)
    file_server.file("/a.csv").etag = file_server.file("/a.csv").modified = None
    file_server.script("/a.csv", Stall(after=10, seconds=5))

    def stop() -> None:
        if file_server.count("/a.csv").gets:
            msg = "too long"
            raise SourceRefusedError(msg)

    with pytest.raises(SourceRefusedError, match="too long"):
        addresses(product).look(stored(product, url), stop)

    assert product.wiring.spool.runs() == []
