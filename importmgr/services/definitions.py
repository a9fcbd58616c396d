"""Import definitions: created, read, listed, deleted; never updated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from definitions.audit import AuditAction, Change, summary
from definitions.errors import InvalidError, NotFoundError, SettingsError
from definitions.freshness import Freshness, promise_of
from definitions.lifecycle import Cause
from definitions.model import (
    CatalogDestination,
    FileStorageSource,
    ImportDefinition,
    NewFileTrigger,
    NowTrigger,
    Source,
)
from definitions.policy import Policy
from definitions.running import priority_of
from definitions.schema import normalise, to_definition
from definitions.schema.rules import choice_problem
from definitions.sealing import SEAL, is_sealed, origin_of, password_of, with_password
from definitions.watching import place_of
from importmgr.log import get_logger
from importmgr.security.sealing import Sealer
from importmgr.services.catalogs import Catalogs
from importmgr.services.paging import Page
from importmgr.services.timing import timing_of
from importmgr.store import Stores
from importmgr.store.definitions import StoredDefinition, Transaction
from importmgr.store.projects import Project
from importmgr.store.runs import NewRun
from importmgr.world import World
from sources.registry import formats

log = get_logger(__name__)

UNREADABLE = f"{SEAL}unreadable"  # stands for a stored password whose key is gone
_ASK_AGAIN = (
    "this stands for a password that could not be read where the definition was stored: "
    "send the password itself"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionView:
    """A definition as its owner may read it: defaults filled in, the password sealed."""

    id: str
    document: Mapping[str, Any]
    freshness: Freshness | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A checked document on its way into the store."""

    id: str
    document: Mapping[str, Any]
    password: str | None
    definition: ImportDefinition


class Definitions:
    """The use cases around import definitions of one project."""

    def __init__(
        self, stores: Stores, *, catalogs: Catalogs, sealer: Sealer, policy: Policy, world: World
    ) -> None:
        """Take the stores and what seals passwords."""
        self._store = stores.definitions
        self._runs = stores.runs
        self._schedules = stores.schedules
        self._watches = stores.watches
        self._promises = stores.promises
        self._integrations = stores.integrations
        self._audit = stores.audit
        self._catalogs = catalogs
        self._sealer = sealer
        self._policy = policy
        self._clock = world.clock
        self._identity = world.identity

    def create(self, project: Project, document: object, origin: str) -> str:
        """Store a definition, make its catalog, queue its first run, and return its id.

        All of it happens in one transaction or not at all. Raise `InvalidError` with every
        problem of the document at once. The source is not contacted.
        """
        draft = self._draft(document)
        self._check_source(project, draft.definition.source)
        stored = self._stored(project, draft, origin)

        def also(transaction: Transaction) -> None:
            self._make_catalog(transaction, project, draft.definition)
            self._queue_first_run(transaction, stored, draft.definition)
            self._schedule(transaction, stored)
            self._watch(transaction, stored, draft.definition)
            self._promise(transaction, stored)
            after, action = summary(stored.document), AuditAction.IMPORT_CREATED
            change = Change(action=action, project_id=project.id, what=stored.id, after=after)
            self._audit.record(transaction, change)

        self._store.add(stored, max_active=self._policy.max_active_definitions, also=also)
        return stored.id

    def read(self, project: Project, definition_id: str, origin: str) -> DefinitionView:
        """Return a definition that `create` accepts unchanged."""
        return self._views([self.require(project, definition_id, origin)])[0]

    def list(self, project: Project, origin: str, limit: int, offset: int) -> Page[DefinitionView]:
        """Return definitions in the order of their creation."""
        found, total = self._store.list(project.id, origin, limit, offset)
        return Page(items=self._views(found), total=total)

    def delete(self, project: Project, definition_id: str, origin: str) -> None:
        """Forget a definition and cancel its runs; what was imported stays."""
        stored = self.require(project, definition_id, origin)
        before, action = summary(stored.document), AuditAction.IMPORT_DELETED
        change = Change(action=action, project_id=project.id, what=stored.id, before=before)
        also = self._audit.recording(change)
        if not self._store.delete(project.id, stored.id, origin, self._clock.now(), also=also):
            raise _not_found(definition_id)

    def require(self, project: Project, definition_id: str, origin: str) -> StoredDefinition:
        """Return a definition as stored, or raise `NotFoundError`."""
        stored = self._store.get(project.id, definition_id, origin)
        if stored is None:
            raise _not_found(definition_id)
        return stored

    def copy_of(self, project: Project, document: object, origin: str) -> StoredDefinition:
        """Return what `create` would store, with the same checks, inactive and not stored."""
        draft = self._draft(document)
        self._check_source(project, draft.definition.source)
        return replace(self._stored(project, draft, origin), active=False)

    def _draft(self, document: object) -> _Draft:
        """Check a document and open its sealed password."""
        checked = normalise(document)
        password = password_of(checked)
        if password == UNREADABLE:
            raise InvalidError({"source.auth.password": [_ASK_AGAIN]})
        if password is not None and is_sealed(password):
            password = self._sealer.unseal(
                password,
                origin_of(checked["source"]["import_url"]),
                checked["source"]["auth"]["username"],
            )
            checked = with_password(checked, password)
        return _Draft(
            id=self._identity.hex24(),
            document=checked,
            password=password,
            definition=to_definition(checked),
        )

    def _check_source(self, project: Project, source: Source) -> None:
        """Refuse what is not to be had here: an unknown format or integration."""
        kind = source.format.type
        problem = None if kind is None else choice_problem(kind, formats())
        if problem:
            raise InvalidError({"source.format.type": [problem]})
        if not isinstance(source, FileStorageSource):
            return
        if self._integrations.get(project.id, source.integration_id) is None:
            text = f"there is no integration {source.integration_id!r} in this project"
            raise InvalidError({"source.integration_id": [text]})

    def _stored(self, project: Project, draft: _Draft, origin: str) -> StoredDefinition:
        """Part the secret from the document."""
        plain = draft.password is None
        return StoredDefinition(
            id=draft.id,
            project_id=project.id,
            origin=origin,
            document=draft.document if plain else with_password(draft.document, ""),
            secret=None
            if draft.password is None
            else self._sealer.encrypt_password(draft.id, draft.password),
            active=draft.definition.active,
            created_at=self._clock.now(),
        )

    def _make_catalog(
        self, transaction: Transaction, project: Project, definition: ImportDefinition
    ) -> None:
        """Let the catalog exist that the definition names."""
        if isinstance(definition.destination, CatalogDestination):
            self._catalogs.ensure(transaction, project, definition.destination, definition.mapping)

    def _queue_first_run(
        self, transaction: Transaction, stored: StoredDefinition, definition: ImportDefinition
    ) -> None:
        """Queue the one run of an active `now` trigger."""
        if not definition.active or not isinstance(definition.trigger, NowTrigger):
            return
        run = NewRun(
            id=self._identity.hex24(),
            definition_id=stored.id,
            project_id=stored.project_id,
            cause=Cause.CREATE,
            location=None,
            now=stored.created_at,
            priority=priority_of(stored.document),
        )
        self._runs.queue(transaction, run, max_waiting=self._policy.max_waiting_runs)

    def _schedule(self, transaction: Transaction, stored: StoredDefinition) -> None:
        """Write down when an active definition fires."""
        if stored.active:
            timing = timing_of(stored.document, stored.created_at, stored.created_at)
            self._schedules.set_timing(transaction, {stored.id: timing})

    def _watch(
        self, transaction: Transaction, stored: StoredDefinition, definition: ImportDefinition
    ) -> None:
        """Let new files be looked for, if an active definition waits for them."""
        if stored.active and isinstance(definition.trigger, NewFileTrigger):
            place = place_of(stored.id, definition)
            self._watches.begin(transaction, stored.id, place)

    def _promise(self, transaction: Transaction, stored: StoredDefinition) -> None:
        """Write down what the definition promises."""
        promise = promise_of(stored.document)
        if promise is not None:
            self._promises.begin(transaction, stored.id, promise, active=stored.active)

    def _views(self, found: Sequence[StoredDefinition]) -> tuple[DefinitionView, ...]:
        """Put the sealed passwords into the documents, and beside them how promises stand."""
        promising = [stored.id for stored in found if promise_of(stored.document) is not None]
        standing = self._promises.of(promising) if promising else {}
        return tuple(
            DefinitionView(
                id=stored.id,
                document=self._shown(stored),
                freshness=standing.get(stored.id),
            )
            for stored in found
        )

    def _shown(self, stored: StoredDefinition) -> Mapping[str, Any]:
        if stored.secret is None:
            return stored.document
        return with_password(stored.document, self._sealed(stored, stored.secret))

    def _sealed(self, stored: StoredDefinition, secret: bytes) -> str:
        """Return the password sealed; one that cannot be read does not hide the definition."""
        try:
            password = self._sealer.decrypt_password(stored.id, secret)
        except SettingsError as exc:
            log.error("password unreadable", definition_id=stored.id, error=str(exc))  # noqa: TRY400
            return UNREADABLE
        source = stored.document["source"]
        return self._sealer.seal(
            password, origin_of(source["import_url"]), source["auth"]["username"]
        )


def _not_found(definition_id: str) -> NotFoundError:
    """Say that there is no such definition here."""
    return NotFoundError(f"there is no import {definition_id!r} in this project")
