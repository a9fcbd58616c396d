"""Every operation that changes something or shows what is masked, with its audit record.

A new one has to be added here: `tests/house/test_audit.py` sees to it that none is missing,
`tests/integration/test_audit.py` performs each of them and looks for the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from definitions.audit import AuditAction
from importmgr.api.dialects.bloomreach import examples
from importmgr.telling.channel import ChannelKind
from importmgr.telling.registry import channels
from tests.acceptance.documents import idle, people

Body: TypeAlias = Mapping[str, Any] | None

IMPORT = "/imports/v1/<project_token>/<import_id>"
RUN = f"{IMPORT}/runs/<run_id>"
DRY_RUN_CANCEL = "POST /imports/v1/<project_token>/dry-runs/<run_id>/cancel"
CATALOGS = "/data/v2/projects/<project_token>/catalogs"
CATALOG = f"{CATALOGS}/<catalog_id>"
ITEM = f"{CATALOG}/items/<item_id>"
CUSTOMERS = "/track/v2/projects/<project_token>/customers"
INTEGRATIONS = "/api/v1/projects/<project_token>/integrations"
UNCHECKED = {"test_connection": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """How an operation over HTTP is performed, and what it leaves in the audit log.

    The variable parts of the path are those of the things that the test has made; `body` may be
    made from them.
    """

    action: str
    body: Body = None


def _receivers(kind: ChannelKind) -> Iterator[tuple[str, Audited]]:
    """Yield what is done to receivers of a kind, and its records."""
    every = f"/api/v1/projects/<project_token>/{kind.name}s"
    one = f"{every}/<{kind.id_name}>"
    body = receiver_document(kind)
    yield f"POST {every}", Audited(action=f"{kind.name}.created", body=body)
    yield f"PUT {one}", Audited(action=f"{kind.name}.changed", body=body)
    yield f"POST {one}/test", Audited(action=f"{kind.name}.tested")
    if kind.is_signed:
        yield f"POST {one}/rotate-secret", Audited(action=f"{kind.name}.rotated")
    again = f"POST {one}/deliveries/<notice_id>/redeliver"
    yield again, Audited(action=f"{kind.name}.redelivered")
    yield f"DELETE {one}", Audited(action=f"{kind.name}.deleted")


def receiver_document(kind: ChannelKind) -> dict[str, Any]:
    """Return a document of which the audit log may not tell everything."""
    tokens = {name: f"{kind.example[name]}?token=geheim" for name in kind.addresses}
    return {**kind.example, **tokens, "events": None}


# In this order: what deletes comes last.
DOORS: Mapping[str, Audited] = {
    "POST /imports/v1/<project_token>": Audited(
        action=AuditAction.IMPORT_CREATED, body=idle(people())
    ),
    f"POST {IMPORT}/run": Audited(action=AuditAction.RUN_STARTED, body=UNCHECKED),
    **{
        f"POST {prefix}/<project_token>/imports/<import_id>/start": Audited(
            action=AuditAction.RUN_STARTED, body=UNCHECKED
        )
        for prefix in ("/data/v2/projects", "/data/v1/projects", "/data/v2/workspaces")
    },
    f"POST {RUN}/continue": Audited(action=AuditAction.RUN_CONTINUED),
    f"POST {RUN}/pause": Audited(action=AuditAction.RUN_PAUSED),
    f"POST {RUN}/resume": Audited(action=AuditAction.RUN_RESUMED),
    f"POST {RUN}/cancel": Audited(action=AuditAction.RUN_CANCELLED),
    f"GET {RUN}/rejects/unmasked": Audited(action=AuditAction.RUN_UNMASKED),
    f"POST {RUN}/rejects": Audited(action=AuditAction.RUN_REPAIRED, body={"any": "file"}),
    f"POST {RUN}/retry": Audited(action=AuditAction.RUN_RETRIED),
    f"POST {RUN}/rerun": Audited(action=AuditAction.RUN_REPEATED),
    f"POST {IMPORT}/dry-run": Audited(action=AuditAction.DRY_RUN_STARTED),
    "POST /imports/v1/<project_token>/dry-run": Audited(
        action=AuditAction.DRY_RUN_STARTED, body=idle(people())
    ),
    DRY_RUN_CANCEL: Audited(action=AuditAction.DRY_RUN_CANCELLED),
    f"POST {IMPORT}/deactivate": Audited(action=AuditAction.IMPORT_DEACTIVATED),
    f"POST {IMPORT}/activate": Audited(action=AuditAction.IMPORT_ACTIVATED),
    f"POST {INTEGRATIONS}": Audited(
        action=AuditAction.INTEGRATION_CREATED,
        body={"name": "Drop", "kind": "s3", "settings": {"bucket": "b"}},
    ),
    f"POST {INTEGRATIONS}/<integration_id>/trust": Audited(
        action=AuditAction.INTEGRATION_TRUSTED, body={"host_key": "<host_key>"}
    ),
    **{call: audited for kind in channels() for call, audited in _receivers(kind)},
    f"POST {CATALOGS}": Audited(
        action=AuditAction.CATALOG_CREATED, body={**examples.CATALOG_BODY, "name": "Another"}
    ),
    f"PUT {CATALOG}": Audited(action=AuditAction.CATALOG_CHANGED, body=examples.CATALOG_REPLACE),
    f"PUT {ITEM}": Audited(action=AuditAction.ITEM_WRITTEN, body=examples.ITEM_BODY),
    f"POST {ITEM}/partial-update": Audited(
        action=AuditAction.ITEM_WRITTEN, body=examples.ITEM_BODY
    ),
    f"POST {CUSTOMERS}": Audited(action=AuditAction.CUSTOMER_WRITTEN, body=examples.CUSTOMER_BODY),
    f"POST {CUSTOMERS}/events": Audited(action=AuditAction.EVENT_WRITTEN, body=examples.EVENT_BODY),
    "POST /track/v2/projects/<project_token>/batch": Audited(
        action=AuditAction.CUSTOMER_WRITTEN, body=examples.BATCH_BODY
    ),
    "POST /data/v2/projects/<project_token>/customers/anonymize_bulk": Audited(
        action=AuditAction.CUSTOMERS_FORGOTTEN, body=examples.ANONYMIZE
    ),
    f"DELETE {ITEM}": Audited(action=AuditAction.ITEM_DELETED),
    f"DELETE {CATALOG}/items": Audited(action=AuditAction.CATALOG_EMPTIED),
    f"DELETE {CATALOG}": Audited(action=AuditAction.CATALOG_DELETED),
    f"DELETE {INTEGRATIONS}/<integration_id>": Audited(action=AuditAction.INTEGRATION_DELETED),
    f"DELETE {IMPORT}": Audited(action=AuditAction.IMPORT_DELETED),
}

# What a run does later for whoever handed something in; its test is beside that of its service.
LATER = frozenset({AuditAction.RUN_DISCARDED})

# They are not GET, and change nothing all the same.
READING_DOORS = frozenset(
    {
        "POST /data/v2/projects/<project_token>/customers/export-one",
        "POST /data/v2/projects/<project_token>/customers/attributes",
        f"POST {INTEGRATIONS}/<integration_id>/test",
        "POST /api/v1/projects/<project_token>/host-key",
    }
)

# Commands on the installation itself; all others go through the doors above.
COMMANDS: Mapping[str, AuditAction] = {
    "project create": AuditAction.PROJECT_CREATED,
    "project limit": AuditAction.PROJECT_LIMITED,
    "key create": AuditAction.KEY_CREATED,
    "key rotate": AuditAction.KEY_ROTATED,
    "key revoke": AuditAction.KEY_REVOKED,
    "secrets rotate": AuditAction.SECRETS_ROTATED,
    "backup": AuditAction.BACKUP_MADE,
    "restore": AuditAction.BACKUP_RESTORED,
}
# `db upgrade` changes the place where the audit log is; `demo` has an installation of its own.
READING_COMMANDS = frozenset(
    {
        *("inspect", "serve", "demo", "settings", "db check", "db upgrade"),
        *("project list", "key list", "audit list", "audit all"),
    }
)
