"""Where the files of an integration are, as values: one kind of storage each.

Secrets are in the clear here, in memory only, and never shown by repr. `address` and `login` are
what a sealed secret is bound to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from definitions.address import origin


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPlace:
    """A folder of the machine that importmgr runs on."""

    folder: str

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"file://{self.folder}"

    @property
    def login(self) -> str:
        """Return who logs in: nobody."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpPlace:
    """A folder of an SFTP server, whose host key has that SHA-256 fingerprint.

    `integration_id` is only for telling people where the key can be exchanged.
    """

    host: str
    port: int
    username: str
    host_key: str
    folder: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    integration_id: str | None = field(default=None, compare=False)

    @property
    def address(self) -> str:
        """Return where it is; not the folder, which needs no other login."""
        return f"sftp://{self.host.lower()}:{self.port}"

    @property
    def login(self) -> str:
        """Return who logs in."""
        return self.username


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Place:
    """A folder of a bucket in S3 or in something that speaks its protocol at `endpoint`."""

    bucket: str
    region: str
    folder: str
    endpoint: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"s3+{_endpoint(self.endpoint)}/{self.bucket}"

    @property
    def login(self) -> str:
        """Return who logs in."""
        return self.access_key_id or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsPlace:
    """A folder of a bucket in Google Cloud Storage; without an account, of a public one."""

    bucket: str
    folder: str
    endpoint: str | None = None
    service_account: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"gcs+{_endpoint(self.endpoint)}/{self.bucket}"

    @property
    def login(self) -> str:
        """Return who logs in; the account names itself."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzurePlace:
    """A folder of a container in Azure Blob Storage."""

    account: str
    container: str
    folder: str
    endpoint: str | None = None
    access_key: str | None = field(default=None, repr=False)
    sas_token: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"azure+{_endpoint(self.endpoint)}/{self.container}"

    @property
    def login(self) -> str:
        """Return who logs in."""
        return self.account


Place: TypeAlias = LocalPlace | SftpPlace | S3Place | GcsPlace | AzurePlace


def _endpoint(endpoint: str | None) -> str:
    return "https://the-provider:443" if endpoint is None else origin(endpoint)
