"""Receivers of notices in a filled store, with as little ado as possible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from definitions.notices import Notice
from importmgr.store.notices import Origin, queue_notice
from importmgr.store.projects import Project
from importmgr.store.receivers import StoredReceiver
from importmgr.store.transactions import writing
from tests.product import Product
from tests.stores import NOW, new_id

HOOK = "https://hooks.example.test/a"


def receiver(
    project: Project,
    kind: str = "webhook",
    **document: Any,  # noqa: ANN401 - of any kind
) -> StoredReceiver:
    """Return a receiver that is not stored yet and is told everything unless told otherwise."""
    said = {"name": "", "url": HOOK, "events": None, "imports": None, "active": True}
    return StoredReceiver(
        id=new_id(),
        project_id=project.id,
        kind=kind,
        document={**said, **document},
        secret=b"secret",
        created_at=NOW,
    )


def told(product: Product, count: int = 1) -> list[str]:
    """Queue so many notices for whoever is told in the project, and return their ids."""
    origin = Origin(project_id=product.project.id, definition_id="d1")
    data = {"project_token": product.project.token, "summary": "Import 'd1' failed"}
    made = [
        Notice(id=f"msg_{new_id()}", type="run.failed", at=NOW, data=data) for _ in range(count)
    ]
    with writing(product.wiring.engine) as transaction:
        for notice in made:
            queue_notice(transaction, origin, notice)
    return [notice.id for notice in made]


def one_time(monkeypatch: Any, *modules: str) -> None:  # noqa: ANN401 - pytest's own
    """Let PostgreSQL's clock, which cannot be set, show what the clock of the test shows."""

    def ours(_: object, at: datetime) -> datetime:
        return at

    for module in modules or ("notices", "deliveries"):
        monkeypatch.setattr(f"importmgr.store.{module}.present", ours)
