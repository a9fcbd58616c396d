"""Integrations of the project: stored connections to file storages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from importmgr.client.door import Door
from importmgr.client.paging import Listing
from importmgr.client.values import Integration, StorageReport, integration_of, storage_report_of

PAGES = Listing(limit="limit", offset="offset", size=50, member="integrations")


class Integrations:
    """Integrations of the project."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the project."""
        self._door = door
        self._project = path
        self._path = f"{path}/integrations"

    def create(self, document: Mapping[str, Any]) -> str:
        """Create an integration and return its id; nothing is connected to."""
        answer = self._door.tell("POST", self._path, json=document)
        with self._door.understood():
            return str(answer.body["integration_id"])

    def list(self) -> Iterator[Integration]:
        """Yield every integration in the order of creation, page by page."""
        return PAGES.follow(self._door, self._path, integration_of)

    def read(self, integration_id: str) -> Integration:
        """Return one integration, its secrets sealed."""
        answer = self._door.ask("GET", self._at(integration_id))
        with self._door.understood():
            return integration_of(answer.body)

    def delete(self, integration_id: str) -> None:
        """Delete an integration that no definition uses any more."""
        self._door.tell("DELETE", self._at(integration_id))

    def test(self, integration_id: str) -> StorageReport:
        """Let the service connect to the storage; return how that went."""
        answer = self._door.ask("POST", f"{self._at(integration_id)}/test")
        with self._door.understood():
            return storage_report_of(answer.body)

    def test_writing(self, integration_id: str, folder: str | None = None) -> StorageReport:
        """Let it also write, rename and delete a file there or in a folder below; none stays."""
        body = {"write": True} | ({} if folder is None else {"path": folder})
        answer = self._door.tell("POST", f"{self._at(integration_id)}/test", json=body)
        with self._door.understood():
            return storage_report_of(answer.body)

    def host_key(self, host: str, port: int) -> str:
        """Return the fingerprint of the host key that an SFTP server shows to the service."""
        body = {"host": host, "port": port}
        answer = self._door.ask("POST", f"{self._project}/host-key", json=body)
        with self._door.understood():
            return str(answer.body["host_key"])

    def trust(self, integration_id: str, host_key: str) -> None:
        """Trust the host key that the server shows now."""
        self._door.tell("POST", f"{self._at(integration_id)}/trust", json={"host_key": host_key})

    def _at(self, integration_id: str) -> str:
        return f"{self._path}/{quote(integration_id, safe='')}"
