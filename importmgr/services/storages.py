"""From an integration to its storage, and to the files that a definition takes from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from definitions.errors import InvalidError, SourceRefusedError
from definitions.file_paths import path_problem
from definitions.follow_ups import KEEP, NOTHING, AfterRun
from definitions.model import FileStorageSource, ImportDefinition
from definitions.places import LocalPlace, Place
from definitions.schema.integration import to_place
from definitions.shown import named
from importmgr.security.sealing import Sealer
from importmgr.store import Stores
from importmgr.store.definitions import StoredDefinition
from importmgr.store.follow_ups import FollowUpStore
from importmgr.store.integrations import StoredIntegration
from sources.base import Source, Storage, StorageSession
from sources.choosing import Version, version_of
from sources.registry import SOURCES, STORAGES, load
from sources.storages.logins import login_problems

if TYPE_CHECKING:
    from sources.filestorage import FileStorageSettings
    from sources.storages.terms import StorageTerms


class Storages:
    """Opens storages, and sources of files in them."""

    def __init__(
        self,
        stores: Stores,
        *,
        sealer: Sealer,
        terms: StorageTerms,
        settings: FileStorageSettings,
    ) -> None:
        """Take the stores, what opens secrets, and what all storages of this process share."""
        self._integrations = stores.integrations
        self._ledger = stores.files
        self._follow_ups = stores.follow_ups
        self._sealer = sealer
        self._terms = terms
        self._settings = settings

    def place(self, integration: StoredIntegration) -> Place:
        """Return where an integration leads, its secrets in the clear."""
        secrets = (
            {}
            if integration.secret is None
            else self._sealer.decrypt_secrets(integration.id, integration.secret)
        )
        known = {**integration.settings, **secrets, "integration_id": integration.id}
        return to_place(integration.kind, known)

    def check(self, place: Place) -> None:
        """Raise `InvalidError` for a folder that the operator does not allow, or for no login."""
        if not isinstance(place, LocalPlace):
            problems = login_problems(place)
            if problems:
                raise InvalidError({f"settings.{name}": [text] for name, text in problems.items()})
            return
        from sources.storages.local import folder_problem  # noqa: PLC0415 - only folders need it

        if problem := folder_problem(place, self._terms):
            raise InvalidError({"settings.folder": [problem]})

    def open(self, integration: StoredIntegration) -> Storage:
        """Return the storage of an integration; nothing is asked yet."""
        storage: Storage = load(STORAGES[integration.kind])(self.place(integration), self._terms)
        return storage

    def host_key(self, host: str, port: int) -> str:
        """Return the fingerprint of the host key that an SFTP server shows now."""
        from sources.storages.ssh import shown_host_key  # noqa: PLC0415 - only SFTP needs it

        return shown_host_key(host, port, self._terms)

    def source(
        self,
        stored: StoredDefinition,
        definition: ImportDefinition,
        source: FileStorageSource,
        at: datetime,
        heartbeat: Callable[[], None],
    ) -> Source:
        """Return the files that a definition takes from its integration at an instant.

        Raise `SourceRefusedError` if the integration is gone.
        """
        from sources.filestorage import Asked  # noqa: PLC0415 - only file storages need it

        integration = self._require(stored.project_id, source.integration_id)
        asked = Asked(
            at=at,
            zone=definition.mapping.timezone,
            known=partial(self._ledger.known, stored.id),
            leaving=partial(_leaving, self._follow_ups, stored.id, source),
        )
        opened: Source = load(SOURCES["filestorage"])(
            source, self.open(integration), asked, self._settings, heartbeat
        )
        return opened

    def connect(self, project_id: int, integration_id: str) -> StorageSession:
        """Return an open connection; raise what is wrong with the storage, or if it is gone."""
        return self.open(self._require(project_id, integration_id)).connect()

    def stable_for(self, source: FileStorageSource) -> timedelta:
        """Return how long a file of the source must have been left alone before it is taken."""
        given = source.stable_for
        return timedelta(seconds=self._settings.stable_for if given is None else given)

    def _require(self, project_id: int, integration_id: str) -> StoredIntegration:
        integration = self._integrations.get(project_id, integration_id)
        if integration is None:
            msg = f"there is no integration {integration_id!r} in this project"
            raise SourceRefusedError(msg)
        return integration


def after_run(definition: ImportDefinition) -> AfterRun:
    """Return what is done with the files of a definition when their run has ended."""
    source = definition.source
    return source.after if isinstance(source, FileStorageSource) else NOTHING


def _leaving(
    store: FollowUpStore, definition_id: str, source: FileStorageSource
) -> frozenset[Version]:
    """Return the files of ended runs of a definition that are about to be moved away."""
    if source.after == NOTHING:
        return frozenset()
    return frozenset(
        version_of(owed.file)
        for owed in store.open(definition_id)
        if source.after.owed(owed.run_state, done=owed.done, reached=owed.reached) != KEEP
    )


def located_files(source: FileStorageSource, location: str | None) -> FileStorageSource:
    """Return the source with another path, or raise `InvalidError` for what is none."""
    if location is None:
        return source
    if problem := path_problem(location) or (None if location else "must not be empty"):
        raise InvalidError({"path": [named(problem, location)]})
    return replace(source, path=location)
