"""Objects of a bucket as files: S3, Google Cloud Storage and Azure Blob Storage.

A bucket has no folders: its names are listed whole and parted by their slashes. The library
connects by itself, so a custom endpoint is checked before each session: all of its addresses must
be allowed. Its texts can hold signed addresses and are never shown.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import obstore
import requests
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store

from definitions.errors import ImportmgrError, SourceRefusedError, SourceUnreachableError
from definitions.places import AzurePlace, GcsPlace, S3Place
from definitions.troubles import Trouble
from sources.base import RemoteFile
from sources.guard import DEFAULT_PORTS, guarded_session
from sources.reaching import check_host
from sources.storages.terms import StorageTerms

NAMES_AT_ONCE = 1_000
RETRIES = 2
# What the library's texts hold, in lower case, and what it means; the first one that is there.
SIGNS: tuple[tuple[str, Trouble], ...] = (
    ("nosuchbucket", Trouble.MISSING),
    ("containernotfound", Trouble.MISSING),
    ("bucket does not exist", Trouble.MISSING),
    ("invalidaccesskeyid", Trouble.LOGIN),
    ("signaturedoesnotmatch", Trouble.LOGIN),
    ("authenticationfailed", Trouble.LOGIN),
    ("accessdenied", Trouble.DENIED),
    ("403 forbidden", Trouble.DENIED),
    ("dns error", Trouble.RESOLUTION),
    ("lookup address", Trouble.RESOLUTION),
    ("connection refused", Trouble.REFUSED),
    ("timed out", Trouble.TIMEOUT),
)
REMEDIES: dict[Trouble, str] = {
    Trouble.MISSING: "there is no such bucket or container; correct its name",
    Trouble.LOGIN: "the login is refused; correct it in the integration",
    Trouble.DENIED: "the login may not do that; let it list and read",
    Trouble.PATH: "there is no such file; correct the path",
}
MAY_PASS: dict[Trouble, str] = {
    Trouble.RESOLUTION: "the host name cannot be resolved; correct the endpoint",
    Trouble.REFUSED: "the service refuses connections; correct the endpoint",
    Trouble.TIMEOUT: "the service keeps silent",
    Trouble.OTHER: "the service fails",
}


class _BucketStorage(ABC):
    """A folder of a bucket; each kind says how it is opened."""

    def __init__(self, place: Any, terms: StorageTerms) -> None:  # noqa: ANN401 - one place per kind
        self._place, self._terms = place, terms

    @abstractmethod
    def address(self) -> str:
        """Return where the service is."""

    @abstractmethod
    def store(self) -> ObjectStore:
        """Return the bucket as the library opens it; nothing is asked yet."""

    def connect(self) -> BucketSession:
        """Return a session; raise `SourceRefusedError` for an endpoint that is not allowed."""
        if self._place.endpoint is not None:
            parts = urlsplit(self._place.endpoint)
            port = parts.port or DEFAULT_PORTS[parts.scheme]
            check_host(parts.hostname or "", port, self._terms.policy)
        with _translated(self._place.folder):
            store = self.store()
        return BucketSession(store, self._place.folder, self.address(), self._terms)

    def _options(self) -> dict[str, Any]:
        """Return how long is waited, and how often something is tried again."""
        return {
            "client_options": {
                "connect_timeout": timedelta(seconds=self._terms.connect_timeout),
                "read_timeout": timedelta(seconds=self._terms.read_timeout),
                "timeout": timedelta(days=1),  # of a whole body; the rate is watched elsewhere
                "allow_http": self.address().startswith("http:"),
            },
            "retry_config": {
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=self._terms.read_timeout),
            },
        }


class S3Storage(_BucketStorage):
    """A folder of a bucket in S3, or in what speaks its protocol."""

    _place: S3Place

    def address(self) -> str:
        """Return where the service is."""
        return self._place.endpoint or f"https://s3.{self._place.region}.amazonaws.com"

    def store(self) -> ObjectStore:
        """Return the bucket; without a login, requests are not signed."""
        place = self._place
        login: dict[str, Any] = {"skip_signature": True}
        if place.access_key_id is not None and place.secret_access_key is not None:
            credential = {
                "access_key_id": place.access_key_id,
                "secret_access_key": place.secret_access_key,
                "expires_at": None,
            }
            # given like this, nothing of this process's own environment is sent along
            login = {"credential_provider": lambda: credential}
        return S3Store(
            place.bucket,
            region=place.region,
            endpoint=self.address(),
            virtual_hosted_style_request=False,
            **login,
            **self._options(),
        )


class GcsStorage(_BucketStorage):
    """A folder of a bucket in Google Cloud Storage."""

    _place: GcsPlace

    def address(self) -> str:
        """Return where the service is."""
        return self._place.endpoint or "https://storage.googleapis.com"

    def store(self) -> ObjectStore:
        """Return the bucket; without an account, requests are not signed."""
        place = self._place
        login: dict[str, Any] = {"skip_signature": True}
        if place.service_account is not None:
            login = {"service_account_key": place.service_account}
        return GCSStore(place.bucket, base_url=self.address(), **login, **self._options())


class AzureStorage(_BucketStorage):
    """A folder of a container in Azure Blob Storage."""

    _place: AzurePlace

    def address(self) -> str:
        """Return where the service is."""
        return self._place.endpoint or f"https://{self._place.account}.blob.core.windows.net"

    def store(self) -> ObjectStore:
        """Return the container; without a login, requests are not signed."""
        place = self._place
        login: dict[str, Any] = {"skip_signature": True}
        if place.access_key is not None:
            login = {"account_key": place.access_key}
        elif place.sas_token is not None:
            login = {"sas_key": place.sas_token}
        return AzureStore(
            place.container,
            account_name=place.account,
            endpoint=self.address(),
            **login,
            **self._options(),
        )


class BucketSession:
    """The objects of a bucket below `folder`."""

    def __init__(self, store: ObjectStore, folder: str, address: str, terms: StorageTerms) -> None:
        self._store, self._address, self._terms = store, address, terms
        self._root = folder.strip("/")

    def list(self, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        """Yield the objects below `folder`; one that is not there has none."""
        prefix = self._at(folder)
        with _translated(folder, Trouble.MISSING):
            for page in obstore.list(self._store, prefix or None, chunk_size=NAMES_AT_ONCE):
                for found in page:
                    below = found["path"].removeprefix(prefix).lstrip("/")
                    if depth is None or below.count("/") < depth:
                        yield self._described(found)

    def stat(self, path: str) -> RemoteFile | None:
        """Return one object as it is now, or None if there is none."""
        with _translated(path):
            try:
                return self._described(obstore.head(self._store, self._at(path)))
            except FileNotFoundError:
                return None

    def open(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of an object from `offset` on."""
        with _translated(path):
            size = obstore.head(self._store, self._at(path))["size"]
            if offset >= size:  # a range of nothing is an error
                return
            options: Any = {"range": {"offset": offset}}
            found = obstore.get(self._store, self._at(path), options=options)
            for piece in found.stream(min_chunk_size=self._terms.chunk_size):
                yield bytes(piece)

    def now(self) -> datetime | None:
        """Return the time in the head of any answer of the service."""
        session = guarded_session(self._terms.policy, None)
        wait = (self._terms.connect_timeout, self._terms.read_timeout)
        try:
            with session, session.head(self._address, timeout=wait) as answer:
                moment = parsedate_to_datetime(answer.headers["Date"])
        except (requests.RequestException, ImportmgrError, KeyError, ValueError):
            return None
        return moment.astimezone(UTC)

    ask_now = now

    def close(self) -> None:
        """Do nothing: connections are the library's."""

    def _at(self, path: str) -> str:
        return "/".join(part for part in (self._root, path) if part)

    def _described(self, found: Any) -> RemoteFile:  # noqa: ANN401 - the library's type is not importable
        path = found["path"].removeprefix(self._root).lstrip("/") if self._root else found["path"]
        return RemoteFile(
            path=path,
            size=found["size"],
            modified_at=found["last_modified"].astimezone(UTC),
            etag=found["e_tag"],
        )


@contextmanager
def _translated(path: str, not_found: Trouble = Trouble.PATH) -> Iterator[None]:
    """Turn what the library says into our errors, without its texts."""
    try:
        yield
    except (BaseError, FileNotFoundError, PermissionError, OSError, ValueError) as exc:
        raise _error(path or "the bucket", _trouble(exc, not_found)) from None


def _trouble(error: Exception, not_found: Trouble) -> Trouble:
    text = str(error).lower()
    for sign, trouble in SIGNS:
        if sign in text:
            return trouble
    if isinstance(error, FileNotFoundError):
        return not_found
    if isinstance(error, UnauthenticatedError):
        return Trouble.LOGIN
    if isinstance(error, PermissionDeniedError | PermissionError):
        return Trouble.DENIED
    return Trouble.OTHER


def _error(path: str, trouble: Trouble) -> SourceRefusedError | SourceUnreachableError:
    if trouble in REMEDIES:
        return SourceRefusedError(f"{path!r}: {REMEDIES[trouble]}", trouble=trouble)
    return SourceUnreachableError(f"{path!r}: {MAY_PASS[trouble]}", trouble=trouble)
