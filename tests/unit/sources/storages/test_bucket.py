"""What is special about buckets; what every storage promises is in the contract suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from definitions.errors import SourceRefusedError
from definitions.places import GcsPlace
from definitions.troubles import Trouble
from sources.storages.object_store import GcsStorage, S3Storage
from tests.api_server import ApiServer
from tests.storages import BUCKET, moto_server, s3_place, terms


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with moto_server() as address:
        requests.put(f"{address}/{BUCKET}/root/in/a.csv", b"x", timeout=10).raise_for_status()
        requests.put(f"{address}/{BUCKET}/rooted.csv", b"x", timeout=10).raise_for_status()
        yield address


@pytest.mark.parametrize(
    ("folder", "paths"),
    [
        ("root", ["in/a.csv"]),
        ("/root/", ["in/a.csv"]),
        ("root/in", ["a.csv"]),
        ("", ["root/in/a.csv", "rooted.csv"]),
    ],
)
def test_paths_begin_at_the_folder(endpoint: str, folder: str, paths: list[str]) -> None:
    session = S3Storage(s3_place(endpoint, folder=folder), terms()).connect()

    assert sorted(file.path for file in session.list("", None)) == paths
    assert session.stat(paths[0]) is not None


def test_without_a_login_nothing_is_moved_or_removed(api_server: ApiServer) -> None:
    place = GcsPlace(bucket="b", folder="", endpoint=api_server.url)
    session = GcsStorage(place, terms()).connect()

    for change in (lambda: session.move("a.csv", "b.csv"), lambda: session.remove("a.csv")):
        with pytest.raises(SourceRefusedError, match="only a login") as caught:
            change()
        assert caught.value.trouble is Trouble.DENIED
    assert api_server.seen == []
