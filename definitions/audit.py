"""What the audit log tells: which change somebody made to what, and who saw what is masked.

No value of a change is a secret: `summary` leaves out what may be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]

NOTHING: Facts = MappingProxyType({})
_WHOLE = ("name", "active", "trigger", "destination")
_OF_SOURCE = ("source_type", "integration_id", "parent_path", "path", "file_selection")


@unique
class AuditAction(StrEnum):
    """Every recorded change but those of receivers; what stands before the dot is changed."""

    PROJECT_CREATED = "project.created"
    PROJECT_LIMITED = "project.limited"
    KEY_CREATED = "key.created"
    KEY_ROTATED = "key.rotated"
    KEY_REVOKED = "key.revoked"
    SECRETS_ROTATED = "secrets.rotated"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"
    IMPORT_CREATED = "import.created"
    IMPORT_ACTIVATED = "import.activated"
    IMPORT_DEACTIVATED = "import.deactivated"
    IMPORT_DELETED = "import.deleted"
    RUN_STARTED = "run.started"
    RUN_PAUSED = "run.paused"
    RUN_RESUMED = "run.resumed"
    RUN_CANCELLED = "run.cancelled"
    RUN_CONTINUED = "run.continued"
    RUN_RETRIED = "run.retried"
    RUN_REPEATED = "run.repeated"
    RUN_REPAIRED = "run.repaired"
    RUN_DISCARDED = "run.discarded"  # rejected rows of it, which nobody will correct
    RUN_UNMASKED = "run.unmasked"  # no change: its rejected rows were read as they stand
    DRY_RUN_STARTED = "dry_run.started"
    DRY_RUN_CANCELLED = "dry_run.cancelled"
    INTEGRATION_CREATED = "integration.created"
    INTEGRATION_TRUSTED = "integration.trusted"
    INTEGRATION_DELETED = "integration.deleted"
    CATALOG_CREATED = "catalog.created"
    CATALOG_CHANGED = "catalog.changed"
    CATALOG_DELETED = "catalog.deleted"
    CATALOG_EMPTIED = "catalog.emptied"
    ITEM_WRITTEN = "item.written"
    ITEM_DELETED = "item.deleted"
    CUSTOMER_WRITTEN = "customer.written"
    CUSTOMERS_FORGOTTEN = "customers.forgotten"
    EVENT_WRITTEN = "event.written"


@unique
class ReceiverAction(StrEnum):
    """What is done to receivers; the log has it behind their kind: `webhook.created`."""

    CREATED = "created"
    CHANGED = "changed"
    ROTATED = "rotated"  # what signs
    TESTED = "tested"  # no change: something was sent to it
    REDELIVERED = "redelivered"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: to what, and what was there before and after, as far as it is worth telling.

    `action` is an `AuditAction`, or a kind of receiver and a `ReceiverAction` with a dot between.
    `project_id` is None for what belongs to the whole installation, `what` is the id of the
    changed thing, empty where telling it would tell of a person.
    """

    action: str
    project_id: int | None
    what: str = ""
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)


def summary(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is worth telling of a definition: no login, and no query, which may hold one."""
    source = document.get("source", {})
    told = {name: source[name] for name in _OF_SOURCE if source.get(name) is not None}
    if source.get("import_url"):
        told["import_url"] = without_query(source["import_url"])
    return {name: document[name] for name in _WHOLE if name in document} | {"source": told}


def without_query(address: str) -> str:
    """Return a web address up to where a token may stand."""
    return address.partition("#")[0].partition("?")[0]
