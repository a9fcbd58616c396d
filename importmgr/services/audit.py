"""The audit log, as those who may read it ask for it."""

from __future__ import annotations

from dataclasses import replace

from importmgr.services.paging import Page
from importmgr.store.audit import AuditEntry, AuditFilter, AuditStore
from importmgr.store.projects import Project


class Audit:
    """Tells who changed what."""

    def __init__(self, store: AuditStore) -> None:
        """Take the store."""
        self._store = store

    def of(
        self, project: Project, wanted: AuditFilter, limit: int, offset: int
    ) -> Page[AuditEntry]:
        """Return changes in one project, the newest first."""
        return self.everywhere(replace(wanted, project_id=project.id), limit, offset)

    def everywhere(self, wanted: AuditFilter, limit: int, offset: int) -> Page[AuditEntry]:
        """Return changes in all projects and of the installation, the newest first."""
        found, total = self._store.list(wanted, limit, offset)
        return Page(items=tuple(found), total=total)
