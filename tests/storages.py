"""A real place of every kind of storage, that tests put files into.

```python
def test_it(site):
    site.put("in/a.csv", b"x")
    with closing(site.storage.connect()) as session:
        assert session.stat("in/a.csv").size == 1
```
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import obstore
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from moto.server import ThreadedMotoServer

from definitions.places import AzurePlace, GcsPlace, LocalPlace, S3Place, SftpPlace
from sources.base import Storage
from sources.guard import AddressPolicy
from sources.storages.gate import Gate
from sources.storages.local import LocalStorage
from sources.storages.object_store import AzureStorage, GcsStorage, S3Storage
from sources.storages.sftp import SftpStorage
from sources.storages.terms import StorageTerms
from tests.postgres import MissingServerError
from tests.ssh_servers import Keys, SshServer, await_port, free_port, in_process, openssh

BUCKET = "imports"
AZURE_ACCOUNT = "devstoreaccount1"  # and its key: those that every Azurite has
AZURE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
AZURITE = str(
    Path(__file__).resolve().parent.parent / ".azurite" / "node_modules" / ".bin" / "azurite-blob"
)
OLD = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Wsgi: TypeAlias = Callable[[dict[str, Any], Any], Any]


def terms(**changes: Any) -> StorageTerms:  # noqa: ANN401 - of any type
    """Return terms under which tests reach storages on this machine."""
    known: dict[str, Any] = {
        "policy": AddressPolicy(allow_private=True),
        "now": lambda: datetime.now(UTC),
    }
    return StorageTerms(**known | changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A storage, and the ways around it to its files."""

    storage: Storage
    put: Callable[[str, bytes], None]
    remove: Callable[[str], None]
    has_folders: bool = True


@contextmanager
def local_site(folder: Path) -> Iterator[Site]:
    """A folder of this machine."""
    place = LocalPlace(folder=str(folder))
    yield _on_disk(LocalStorage(place, terms(folders=(folder,))), folder)


@contextmanager
def sftp_site(folder: Path) -> Iterator[Site]:
    """A server in this process."""
    with in_process(folder, Keys()) as server:
        yield _on_disk(SftpStorage(sftp_place(server), terms()), server.files)


@contextmanager
def openssh_site(_: Path) -> Iterator[Site]:
    """OpenSSH's server."""
    with openssh() as server:
        yield _on_disk(SftpStorage(sftp_place(server), terms()), server.files)


@contextmanager
def s3_site(_: Path) -> Iterator[Site]:
    """A server in this process that speaks S3's protocol."""
    with moto_server() as endpoint:
        yield _in_bucket(S3Storage(s3_place(endpoint), terms()), endpoint)


@contextmanager
def gcs_site(_: Path) -> Iterator[Site]:
    """The same server, spoken to as Google's is: what it lists is of the same form."""
    with moto_server() as endpoint:
        place = GcsPlace(
            bucket=BUCKET, folder="root", endpoint=endpoint, service_account=service_account()
        )
        yield _in_bucket(GcsStorage(place, terms()), endpoint)


def service_account() -> str:
    """Return the JSON key of an account that nobody knows; it signs its requests by itself."""
    key = rsa.generate_private_key(65_537, 2_048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    account = {"type": "service_account", "client_email": "importer@example.test"}
    return json.dumps({**account, "private_key_id": "1", "private_key": pem})


@contextmanager
def azure_site(folder: Path) -> Iterator[Site]:
    """Azurite: that of `make azurite`, or the one on PATH or named by TEST_AZURITE."""
    installed = shutil.which(AZURITE) or shutil.which("azurite-blob")
    program = os.environ.get("TEST_AZURITE") or installed
    if program is None:
        msg = "no Azurite here: `make azurite` installs it where npm is there"
        raise MissingServerError(msg)
    port = free_port()
    where = ("--location", str(folder), "--blobHost", "127.0.0.1", "--blobPort", str(port))
    quiet = ("--silent", "--skipApiVersionCheck", "--loose")
    process = subprocess.Popen([program, *where, *quiet], stdin=subprocess.DEVNULL)
    try:
        await_port(port, process, folder / "log")
        endpoint = f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}"
        place = AzurePlace(
            account=AZURE_ACCOUNT,
            container=BUCKET,
            folder="root",
            endpoint=endpoint,
            access_key=AZURE_KEY,
        )
        storage = AzureStorage(place, terms())
        make_container(endpoint)
        store = storage.store(Gate(terms()))
        yield Site(
            storage=storage,
            put=lambda path, data: void(obstore.put(store, f"root/{path}", data)),
            remove=lambda path: obstore.delete(store, f"root/{path}"),
            has_folders=False,
        )
    finally:
        process.terminate()
        process.wait(30)


def make_container(endpoint: str) -> None:
    """Make the container, with a request signed as the protocol has it."""
    date = formatdate(usegmt=True)
    headers = f"x-ms-date:{date}\nx-ms-version:2021-08-06\n"
    resource = f"/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/{BUCKET}\nrestype:container"
    text = "PUT" + "\n" * 12 + headers + resource
    digest = hmac.digest(base64.b64decode(AZURE_KEY), text.encode(), "sha256")
    requests.put(
        f"{endpoint}/{BUCKET}?restype=container",
        headers={
            "x-ms-date": date,
            "x-ms-version": "2021-08-06",
            "Authorization": f"SharedKey {AZURE_ACCOUNT}:{base64.b64encode(digest).decode()}",
        },
        timeout=10,
    ).raise_for_status()


def void(_: object) -> None:
    """Drop a result."""


def s3_place(endpoint: str, **changes: Any) -> S3Place:  # noqa: ANN401 - of any type
    """Return the place of a bucket, with a login that works."""
    known: dict[str, Any] = {
        "bucket": BUCKET,
        "region": "us-east-1",
        "folder": "root",
        "endpoint": endpoint,
        "access_key_id": "AKIA",
        "secret_access_key": "geheim",
    }
    return S3Place(**known | changes)


@contextmanager
def moto_server() -> Iterator[str]:
    """A server in this process with one empty bucket; yield its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    try:
        running = server._server
        assert running is not None
        running.app = _google_as_amazon(running.app)
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        requests.post(f"{endpoint}/moto-api/reset", timeout=60)
        acl = {"x-amz-acl": "public-read"}
        requests.put(f"{endpoint}/{BUCKET}", headers=acl, timeout=60).raise_for_status()
        yield endpoint
    finally:
        server.stop()


def _google_as_amazon(app: Wsgi) -> Wsgi:
    """Let requests that copy as Google has it be understood as Amazon has it."""
    names = {
        "HTTP_X_GOOG_COPY_SOURCE": "HTTP_X_AMZ_COPY_SOURCE",
        "HTTP_X_GOOG_IF_GENERATION_MATCH": "HTTP_IF_NONE_MATCH",  # none: 0
    }

    def translated(environ: dict[str, Any], start: Any) -> Any:  # noqa: ANN401 - WSGI's own
        known = {names.get(name, name): value for name, value in environ.items()}
        return app(known, start)

    return translated


def _in_bucket(storage: Storage, endpoint: str) -> Site:
    def url(path: str) -> str:
        return f"{endpoint}/{BUCKET}/root/{quote(path)}"

    def put(path: str, data: bytes) -> None:
        requests.put(url(path), data, timeout=60).raise_for_status()

    def remove(path: str) -> None:
        requests.delete(url(path), timeout=60).raise_for_status()

    return Site(storage=storage, put=put, remove=remove, has_folders=False)


def sftp_place(server: SshServer, **changes: Any) -> SftpPlace:  # noqa: ANN401 - of any type
    """Return the place of a server, with a login that works."""
    known: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "username": server.username,
        "host_key": server.host_key,
        "folder": server.folder,
        "private_key": server.private_key,
    }
    return SftpPlace(**known | changes)


def _on_disk(storage: Storage, folder: Path) -> Site:
    def put(path: str, data: bytes) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        for above in (target, *target.relative_to(folder).parents[:-1]):
            (folder / above).chmod(0o777)  # its server may run as another user
        os.utime(target, (OLD.timestamp(), OLD.timestamp()))

    return Site(storage=storage, put=put, remove=lambda path: (folder / path).unlink())


SITES: dict[str, Callable[[Path], AbstractContextManager[Site]]] = {
    "local": local_site,
    "sftp": sftp_site,
    "sftp-openssh": openssh_site,
    "s3": s3_site,
    "gcs": gcs_site,
    "azure": azure_site,
}
