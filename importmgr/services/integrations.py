"""Integrations: stored connections to file storages, created, looked at, tested, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from definitions.audit import NOTHING, AuditAction, Change, Facts
from definitions.errors import (
    InvalidError,
    NotFoundError,
    RequestError,
    SettingsError,
    SourceRefusedError,
    SourceUnreachableError,
)
from definitions.places import Place, SftpPlace
from definitions.schema.integration import check_integration, secret_names, to_place
from definitions.sealing import is_sealed
from definitions.troubles import Trouble
from importmgr.log import get_logger
from importmgr.security.sealing import Sealer
from importmgr.services.definitions import UNREADABLE
from importmgr.services.paging import Page
from importmgr.services.storages import Storages
from importmgr.store import Stores
from importmgr.store.integrations import StoredIntegration
from importmgr.store.projects import Project
from importmgr.store.transactions import Also
from importmgr.world import World
from sources.base import StorageSession
from sources.writing import try_writing

log = get_logger(__name__)

MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationView:
    """An integration as its owner may read it, secrets sealed; `create` takes the document."""

    id: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageReport:
    """What a test found; times in milliseconds, the skew in seconds, ahead of here if positive.

    `files` counts those in the folder itself, up to `MOST_LISTED`. `write_ms` is None unless a file
    was written, renamed and deleted there. `trouble` is None if all is well, else `error` says what
    to do.
    """

    trouble: Trouble | None = None
    error: str | None = None
    connect_ms: float | None = None
    list_ms: float | None = None
    files: int | None = None
    clock_skew: float | None = None
    write_ms: float | None = None


class Integrations:
    """The use cases around integrations of one project."""

    def __init__(self, stores: Stores, *, storages: Storages, sealer: Sealer, world: World) -> None:
        """Take the stores, what opens storages, and what seals secrets."""
        self._store = stores.integrations
        self._audit = stores.audit
        self._storages = storages
        self._sealer = sealer
        self._clock = world.clock
        self._identity = world.identity

    def create(self, project: Project, document: object) -> str:
        """Store an integration and return its id; nothing is connected to.

        Raise `InvalidError` with every problem of the document at once.
        """
        checked = check_integration(document)
        kind, integration_id = checked["kind"], self._identity.hex24()
        settings = self._unsealed(kind, checked["settings"])
        self._storages.check(to_place(kind, settings))
        names = secret_names(kind)
        secrets = {name: value for name, value in settings.items() if name in names}
        stored = StoredIntegration(
            id=integration_id,
            project_id=project.id,
            name=checked["name"],
            kind=kind,
            settings={name: value for name, value in settings.items() if name not in names},
            secret=self._sealer.encrypt_secrets(integration_id, secrets) if secrets else None,
            created_at=self._clock.now(),
        )
        action = AuditAction.INTEGRATION_CREATED
        self._store.add(stored, also=self._recording(action, stored, after=_told(stored)))
        return stored.id

    def list(self, project: Project, limit: int, offset: int) -> Page[IntegrationView]:
        """Return integrations in the order of their creation."""
        found, total = self._store.list(project.id, limit, offset)
        return Page(items=tuple(self._view(stored) for stored in found), total=total)

    def read(self, project: Project, integration_id: str) -> IntegrationView:
        """Return an integration that `create` accepts unchanged."""
        return self._view(self._require(project, integration_id))

    def delete(self, project: Project, integration_id: str) -> None:
        """Forget an integration; raise `ConflictError` while definitions name it."""
        stored = self._require(project, integration_id)
        also = self._recording(AuditAction.INTEGRATION_DELETED, stored, before=_told(stored))
        if not self._store.delete(project.id, integration_id, also=also):
            raise _not_found(integration_id)

    def test(self, project: Project, integration_id: str) -> StorageReport:
        """Connect, list and ask for the time; tell how it went, or what is wrong."""
        return self._report(project, integration_id, self._looked_at)

    def test_writing(
        self, project: Project, integration_id: str, folder: str = ""
    ) -> StorageReport:
        """Do the same, and write, rename and delete a file of our own in a folder of it."""
        return self._report(project, integration_id, partial(self._written_to, folder))

    def trust(self, project: Project, integration_id: str, host_key: str) -> None:
        """Trust another host key from now on; the server must show that one."""
        stored = self._require(project, integration_id)
        place = self._storages.place(stored)
        if not isinstance(place, SftpPlace):
            msg = f"integration {integration_id!r} is of the kind {stored.kind!r}, without host key"
            raise RequestError(msg)
        shown = self.host_key(place.host, place.port)
        if shown != host_key:
            text = f"{place.host} shows the host key {shown}, not {host_key}; trust what it shows"
            raise InvalidError({"host_key": [text]})
        settings = {**stored.settings, "host_key": host_key}
        also = self._recording(
            AuditAction.INTEGRATION_TRUSTED,
            stored,
            before={"host_key": stored.settings.get("host_key")},
            after={"host_key": host_key},
        )
        self._store.change_settings(project.id, integration_id, settings, also=also)

    def host_key(self, host: str, port: int) -> str:
        """Return the fingerprint of the host key that an SFTP server shows now."""
        return self._storages.host_key(host, port)

    def _recording(
        self,
        action: AuditAction,
        stored: StoredIntegration,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> Also:
        change = Change(
            action=action, project_id=stored.project_id, what=stored.id, before=before, after=after
        )
        return self._audit.recording(change)

    def _report(
        self,
        project: Project,
        integration_id: str,
        look: Callable[[StorageSession, float], StorageReport],
    ) -> StorageReport:
        """Connect and look, or say what is wrong; `look` gets the moment when that began."""
        stored = self._require(project, integration_id)
        began = self._clock.monotonic()
        try:
            session = self._storages.open(stored).connect()
            with closing(session):
                return look(session, began)
        except (SourceRefusedError, SourceUnreachableError) as exc:
            return _troubled(exc)

    def _written_to(self, folder: str, session: StorageSession, began: float) -> StorageReport:
        """Look as always, then write; what was seen is told however the writing ends."""
        report = self._looked_at(session, began)
        looked = self._clock.monotonic()
        try:
            try_writing(session, f"importmgr-test-{self._identity.hex24()}", folder)
        except (SourceRefusedError, SourceUnreachableError) as exc:
            wrong = _troubled(exc)
            return replace(report, trouble=wrong.trouble, error=wrong.error)
        return replace(report, write_ms=1000 * (self._clock.monotonic() - looked))

    def _looked_at(self, session: StorageSession, began: float) -> StorageReport:
        connected = self._clock.monotonic()
        entries = islice(session.list("", 1), MOST_LISTED)
        files = sum(entry.barred is None for entry in entries)
        listed = self._clock.monotonic()
        theirs, ours = session.ask_now(), self._clock.now()
        skew = None if theirs is None else (theirs - ours).total_seconds()
        return StorageReport(
            connect_ms=1000 * (connected - began),
            list_ms=1000 * (listed - connected),
            files=files,
            clock_skew=skew,
        )

    def _require(self, project: Project, integration_id: str) -> StoredIntegration:
        stored = self._store.get(project.id, integration_id)
        if stored is None:
            raise _not_found(integration_id)
        return stored

    def _unsealed(self, kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with their sealed secrets opened."""
        place = to_place(kind, settings)
        opened = dict(settings)
        for name in secret_names(kind):
            value = settings.get(name)
            if value is not None and is_sealed(value):
                context = _context(place, name)
                opened[name] = self._sealer.unseal(value, *context, f"settings.{name}")
        return opened

    def _view(self, stored: StoredIntegration) -> IntegrationView:
        """Put the sealed secrets into the document; one that cannot be read hides nothing else."""
        try:
            place = self._storages.place(stored)
        except SettingsError as exc:
            log.error("secrets unreadable", integration_id=stored.id, error=str(exc))  # noqa: TRY400
            names = secret_names(stored.kind)
            return _document(stored, dict.fromkeys(names, UNREADABLE))
        secrets = {
            name: self._sealer.seal(value, *_context(place, name))
            for name in secret_names(stored.kind)
            if (value := getattr(place, name)) is not None
        }
        return _document(stored, secrets)


def _troubled(error: SourceRefusedError | SourceUnreachableError) -> StorageReport:
    return StorageReport(trouble=error.trouble or Trouble.OTHER, error=str(error))


def _told(stored: StoredIntegration) -> Facts:
    """Return what the audit log tells of an integration: nothing that is secret."""
    return {"name": stored.name, "kind": stored.kind, "settings": dict(stored.settings)}


def _document(stored: StoredIntegration, secrets: Mapping[str, str]) -> IntegrationView:
    settings = {**stored.settings, **secrets}
    document = {"name": stored.name, "kind": stored.kind, "settings": settings}
    return IntegrationView(id=stored.id, document=document)


def _context(place: Place, secret: str) -> tuple[str, str]:
    """Return what a sealed secret is bound to: where it leads, who logs in, which secret it is."""
    return place.address, f"{place.login}\n{secret}"


def _not_found(integration_id: str) -> NotFoundError:
    return NotFoundError(f"there is no integration {integration_id!r} in this project")
