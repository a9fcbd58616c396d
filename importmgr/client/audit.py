"""The audit log of the project: who changed what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from importmgr.client.door import Door
from importmgr.client.paging import Listing
from importmgr.client.values import Document

PAGES = Listing(limit="limit", offset="offset", size=50, member="audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A change that somebody made; `at` is in epoch seconds."""

    at: float
    actor: str
    action: str
    object: str
    before: Document
    after: Document
    request_id: str | None


class Audit:
    """The audit log of the project."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the project."""
        self._door = door
        self._path = f"{path}/audit"

    def list(self, **wanted: float | str | None) -> Iterator[AuditEntry]:
        """Yield changes, the newest first, page by page.

        `wanted` narrows them: `actor`, `action`, `object`, and `since` and `until` in epoch
        seconds.
        """
        given = {name: value for name, value in wanted.items() if value is not None}
        return PAGES.follow(self._door, self._path, audit_entry_of, **given)


def audit_entry_of(document: Document) -> AuditEntry:
    """Read a change."""
    return AuditEntry(**{name: document[name] for name in AuditEntry.__slots__})
