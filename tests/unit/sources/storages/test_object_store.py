"""What is special about buckets; what every storage promises is in the contract suite."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import obstore
import pytest
import requests

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.places import AzurePlace, GcsPlace, S3Place
from definitions.troubles import Trouble
from sources.guard import AddressPolicy
from sources.storages.object_store import AzureStorage, GcsStorage, S3Storage
from tests.api_server import ApiServer
from tests.ssh_servers import free_port
from tests.storages import AZURE_KEY, BUCKET, moto_server, s3_place, service_account, terms

ENVIRONMENT = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_ROLE_ARN",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_TOKEN",
    "AZURE_STORAGE_USE_EMULATOR",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "HTTP_PROXY",
    "http_proxy",
)
AZURE_LOGINS: tuple[dict[str, str], ...] = (
    {},
    {"access_key": AZURE_KEY},
    {"sas_token": "sv=1&sig=ours"},
)


def azure_place(url: str, **login: str) -> AzurePlace:
    """Return the place of a container."""
    return AzurePlace(account="ours", container="b", folder="", endpoint=url, **login)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


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
    assert text.startswith("'no-such-bucket': there is no such bucket")


def test_a_bucket_that_no_address_can_name_is_refused(endpoint: str) -> None:
    trouble, text = trouble_of(s3_place(endpoint, bucket="Bad Bucket/../x"))

    assert trouble is Trouble.PATH
    assert "correct the bucket's name" in text


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
    assert told is not None
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60


def test_nothing_of_the_environment_is_sent_along(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The library looks into it for logins, for places and for a proxy."""
    words = {"": "of-the-operator", "KEY": AZURE_KEY, "URL": "http://127.0.0.1:1"}
    for name in ENVIRONMENT:
        monkeypatch.setenv(name, words.get(name.rpartition("_")[2], words[""]))
    account = tmp_path / "account.json"
    account.write_text(service_account())
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", str(account))
    api_server.answer("<ListBucketResult></ListBucketResult>")
    url, none = api_server.url, {"access_key_id": None, "secret_access_key": None}
    storages = (
        S3Storage(s3_place(url), terms()),
        S3Storage(s3_place(url, **none), terms()),
        GcsStorage(GcsPlace(bucket="b", folder="", endpoint=url), terms()),
        GcsStorage(
            GcsPlace(bucket="b", folder="", endpoint=url, service_account=service_account()),
            terms(),
        ),
        *(AzureStorage(azure_place(url, **login), terms()) for login in AZURE_LOGINS),
    )

    for storage in storages:
        with closing(storage.connect()) as session, suppress(SourceUnreachableError):
            list(session.list("", None))  # which is no list of Azure's

    seen = [f"{each.path} {each.headers}" for each in api_server.seen]
    assert not [text for text in seen if "of-the-operator" in text]
    logins = [each.headers["Authorization"] for each in api_server.seen]
    assert [login and login.split()[0] for login in logins[:4]] == [
        "AWS4-HMAC-SHA256",
        None,
        None,
        "Bearer",
    ]
    assert "Credential=AKIA/" in logins[0]
    assert {login and login.split(":")[0] for login in logins[4:]} == {None, "SharedKey ours"}
    assert "sig=ours" in "".join(seen)


def test_a_redirect_leads_to_allowed_addresses_only(api_server: ApiServer) -> None:
    api_server.answer("", 307, Location=api_server.url.replace("127.0.0.1", "127.0.0.2"))
    policy = AddressPolicy(networks=(ip_network("127.0.0.1/32"),))
    storage = S3Storage(s3_place(api_server.url), terms(policy=policy))

    with (
        closing(storage.connect()) as session,
        pytest.raises(SourceRefusedError, match=r"127\.0\.0\.2") as caught,
    ):
        list(session.list("", None))

    assert caught.value.trouble is Trouble.NOT_ALLOWED


def test_tls_goes_through_the_gate_unread() -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hear() -> None:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(2))

        threading.Thread(target=hear, daemon=True).start()
        place = s3_place(f"https://127.0.0.1:{server.getsockname()[1]}")
        with (
            closing(S3Storage(place, terms(read_timeout=1.0)).connect()) as session,
            pytest.raises(SourceUnreachableError),
        ):
            session.stat("a.csv")

    assert heard == [b"\x16\x03"]  # a TLS handshake begins like that


def test_who_closes_a_session_ends_what_waits(silent: int) -> None:
    session = S3Storage(s3_place(f"http://127.0.0.1:{silent}"), terms()).connect()
    threading.Timer(0.2, session.close).start()

    with pytest.raises(SourceUnreachableError):
        session.stat("a.csv")


def test_every_kind_knows_where_its_service_is() -> None:
    s3 = S3Place(bucket="b", region="eu-central-1", folder="")
    gcs = GcsPlace(bucket="b", folder="")
    azure = AzurePlace(account="acc", container="con", folder="", sas_token="sv=1&sig=2")

    assert S3Storage(s3, terms()).address() == "https://s3.eu-central-1.amazonaws.com"
    assert GcsStorage(gcs, terms()).address() == "https://storage.googleapis.com"
    assert AzureStorage(azure, terms()).address() == "https://acc.blob.core.windows.net"
    for storage in (S3Storage(s3, terms()), GcsStorage(gcs, terms()), AzureStorage(azure, terms())):
        assert storage.connect() is not None


DEEP = ["a.csv", *(f"deep/{n}.csv" for n in range(10)), "deep0", *(f"low/{n}" for n in range(7))]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Let three names come at once; return behind which names lists were begun."""
    seen: list[str | None] = []
    real = obstore.list

    def listing(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the library has it
        seen.append(options["offset"])
        return real(*args, **options)

    monkeypatch.setattr("sources.storages.bucket.NAMES_AT_ONCE", 3)
    monkeypatch.setattr("sources.storages.bucket.obstore.list", listing)
    return seen


def test_what_lies_too_deep_is_not_read_through(endpoint: str, begun: list[str | None]) -> None:
    storage = S3Storage(s3_place(endpoint, folder="wide"), terms())
    for name in [*DEEP, "z.csv"]:
        requests.put(f"{endpoint}/{BUCKET}/wide/{name}", b"x", timeout=60).raise_for_status()

    with closing(storage.connect()) as session:
        flat = [file.path for file in session.list("", 1)]
        starts = list(begun)
        whole = [file.path for file in session.list("", None)]

    assert flat == ["a.csv", "deep0", "z.csv"]
    assert starts == [None, "wide/deep/\U0010fffd", "wide/low/\U0010fffd"]
    assert whole == sorted([*DEEP, "z.csv"])


def test_a_service_that_begins_its_lists_anew_is_read_through_once(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    real = obstore.list

    def deaf(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the library has it
        asked.append(options.pop("offset"))
        return real(*args, **options)

    monkeypatch.setattr("sources.storages.bucket.NAMES_AT_ONCE", 3)
    monkeypatch.setattr("sources.storages.bucket.obstore.list", deaf)
    storage = S3Storage(s3_place(endpoint, folder="wide"), terms())
    for name in [*DEEP, "z.csv"]:
        requests.put(f"{endpoint}/{BUCKET}/wide/{name}", b"x", timeout=60).raise_for_status()

    with closing(storage.connect()) as session:
        flat = [file.path for file in session.list("", 1)]

    assert flat == ["a.csv", "deep0", "z.csv"]
    assert len(asked) == 2
