"""Objects of a bucket as files: S3, Google Cloud Storage and Azure Blob Storage.

A bucket has no folders: its names are listed in order and parted by their slashes. The library
connects by itself, but only through a gate that checks where to. It also looks into this process's
environment for what it is not told; every login is given in the one way that keeps it from that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store

from definitions.places import AzurePlace, GcsPlace, S3Place
from sources.guard import DEFAULT_PORTS
from sources.reaching import check_host
from sources.storages.bucket import BucketSession, Reached, translated
from sources.storages.gate import Gate
from sources.storages.google import ServiceAccount
from sources.storages.terms import StorageTerms

RETRIES = 2


class _BucketStorage(ABC):
    """A folder of a bucket; each kind says how it is opened, and whether its lists can skip."""

    skips: ClassVar[bool] = True

    def __init__(self, place: Any, terms: StorageTerms) -> None:  # noqa: ANN401 - one place per kind
        self._place, self._terms = place, terms

    @abstractmethod
    def address(self) -> str:
        """Return where the service is."""

    @abstractmethod
    def signed(self) -> bool:
        """Tell whether there is a login to sign requests with."""

    @abstractmethod
    def store(self, gate: Gate) -> ObjectStore:
        """Return the bucket as the library opens it, through a gate; nothing is asked yet."""

    def connect(self) -> BucketSession:
        """Return a session; raise `SourceRefusedError` for an endpoint that is not allowed."""
        if self._place.endpoint is not None:
            parts = urlsplit(self._place.endpoint)
            port = parts.port or DEFAULT_PORTS[parts.scheme]
            check_host(parts.hostname or "", port, self._terms.policy)
        gate = Gate(self._terms)
        try:
            with translated(self._place.folder, gate):
                store = self.store(gate)
        except BaseException:
            gate.close()
            raise
        reached = Reached(
            bucket=self._place.address.rpartition("/")[2],
            folder=self._place.folder,
            address=self.address(),
            signed=self.signed(),
            skips=self.skips,
        )
        return BucketSession(store, gate, reached, self._terms)

    def _options(self, gate: Gate) -> dict[str, Any]:
        """Return how long is waited, and how often something is tried again."""
        return {
            "client_options": {
                "connect_timeout": timedelta(seconds=self._terms.connect_timeout),
                "read_timeout": timedelta(seconds=self._terms.read_timeout),
                "proxy_url": gate.address,
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

    def signed(self) -> bool:
        """Tell whether there is a login."""
        return self._place.access_key_id is not None and self._place.secret_access_key is not None

    def store(self, gate: Gate) -> ObjectStore:
        """Return the bucket; without a login, requests are not signed."""
        place = self._place
        login: dict[str, Any] = {"skip_signature": True}
        if place.access_key_id is not None and place.secret_access_key is not None:
            credential = {
                "access_key_id": place.access_key_id,
                "secret_access_key": place.secret_access_key,
                "expires_at": None,
            }
            login = {"credential_provider": lambda: credential}
        return S3Store(
            place.bucket,
            region=place.region,
            endpoint=self.address(),
            virtual_hosted_style_request=False,
            copy_if_not_exists="header: If-None-Match: *",
            **login,
            **self._options(gate),
        )


class GcsStorage(_BucketStorage):
    """A folder of a bucket in Google Cloud Storage."""

    _place: GcsPlace

    def address(self) -> str:
        """Return where the service is."""
        return self._place.endpoint or "https://storage.googleapis.com"

    def signed(self) -> bool:
        """Tell whether there is an account."""
        return self._place.service_account is not None

    def store(self, gate: Gate) -> ObjectStore:
        """Return the bucket; without an account, requests are not signed."""
        place = self._place
        login: dict[str, Any] = {"skip_signature": True}
        if place.service_account is not None:
            account = ServiceAccount.read(place.service_account, self._terms.now)
            login = {"credential_provider": account}
        return GCSStore(place.bucket, base_url=self.address(), **login, **self._options(gate))


class AzureStorage(_BucketStorage):
    """A folder of a container in Azure Blob Storage."""

    skips = False  # the library may read a list from its beginning to begin behind a name
    _place: AzurePlace

    def address(self) -> str:
        """Return where the service is."""
        return self._place.endpoint or f"https://{self._place.account}.blob.core.windows.net"

    def signed(self) -> bool:
        """Tell whether there is a login."""
        return self._place.access_key is not None or self._place.sas_token is not None

    def store(self, gate: Gate) -> ObjectStore:
        """Return the container; without a login, requests are not signed."""
        place = self._place
        login: dict[str, Any] = {"skip_signature": True}
        given = {"access_key": place.access_key, "sas_token": place.sas_token}
        for name, value in given.items():
            if value is not None:
                credential = {name: value, "expires_at": None}
                login = {"credential_provider": lambda known=credential: known}
        return AzureStore(
            place.container,
            account_name=place.account,
            use_emulator=False,
            endpoint=self.address(),
            **login,
            **self._options(gate),
        )
