"""What is special about buckets; what every storage promises is in the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.places import AzurePlace, GcsPlace, S3Place
from definitions.troubles import Trouble
from sources.guard import AddressPolicy
from sources.storages.object_store import AzureStorage, GcsStorage, S3Storage
from tests.api_server import ApiServer
from tests.ssh_servers import free_port
from tests.storages import BUCKET, moto_server, s3_place, terms


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with moto_server() as address:
        requests.put(f"{address}/{BUCKET}/root/in/a.csv", b"x", timeout=10).raise_for_status()
        requests.put(f"{address}/{BUCKET}/rooted.csv", b"x", timeout=10).raise_for_status()
        yield address


def trouble_of(place: S3Place, **changes: Any) -> tuple[Trouble | None, str]:  # noqa: ANN401
    storage = S3Storage(place, terms(connect_timeout=2, read_timeout=2, **changes))
    with pytest.raises((SourceRefusedError, SourceUnreachableError)) as caught:
        list(storage.connect().list("", None))
    error = caught.value
    assert isinstance(error, SourceRefusedError | SourceUnreachableError)
    return error.trouble, str(error)


def test_a_missing_bucket_is_named(endpoint: str) -> None:
    trouble, text = trouble_of(s3_place(endpoint, bucket="no-such-bucket"))

    assert trouble is Trouble.MISSING
    assert "no such bucket" in text


def test_a_port_where_nobody_listens_is_named_without_secrets() -> None:
    trouble, text = trouble_of(s3_place(f"http://127.0.0.1:{free_port()}"))

    assert trouble in {Trouble.REFUSED, Trouble.OTHER}
    assert "geheim" not in text
    assert "http" not in text


def test_an_endpoint_that_is_not_allowed_is_not_asked(endpoint: str) -> None:
    trouble, _ = trouble_of(s3_place(endpoint), policy=AddressPolicy())
    nobody, _ = trouble_of(s3_place("http://no-such-host.invalid"))

    assert (trouble, nobody) == (Trouble.NOT_ALLOWED, Trouble.RESOLUTION)


def test_the_service_tells_its_time(endpoint: str) -> None:
    told = S3Storage(s3_place(endpoint), terms()).connect().now()
    closed = S3Storage(s3_place(endpoint), terms(policy=AddressPolicy())).store()

    assert closed is not None
    assert told is not None
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60


def test_nothing_of_the_environment_is_sent_along(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "of-the-operator")
    api_server.answer("<ListBucketResult></ListBucketResult>")
    for login in ({}, {"access_key_id": None, "secret_access_key": None}):
        list(S3Storage(s3_place(api_server.url, **login), terms()).connect().list("", None))

    signed, unsigned = (str(seen.headers) for seen in api_server.seen)
    assert "of-the-operator" not in signed + unsigned
    assert "Credential=AKIA/" in signed
    assert "authorization" not in unsigned.lower()


def test_every_kind_knows_where_its_service_is() -> None:
    s3 = S3Place(bucket="b", region="eu-central-1", folder="")
    gcs = GcsPlace(bucket="b", folder="")
    azure = AzurePlace(account="acc", container="con", folder="", sas_token="sv=1&sig=2")

    assert S3Storage(s3, terms()).address() == "https://s3.eu-central-1.amazonaws.com"
    assert GcsStorage(gcs, terms()).address() == "https://storage.googleapis.com"
    assert AzureStorage(azure, terms()).address() == "https://acc.blob.core.windows.net"
    for storage in (S3Storage(s3, terms()), GcsStorage(gcs, terms()), AzureStorage(azure, terms())):
        assert storage.connect() is not None
