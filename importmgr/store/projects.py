"""Projects as stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.store.tables import projects
from importmgr.store.transactions import Also, Transaction, is_storable, nothing, reading, writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Who owns definitions, keys and data; `token` names it in addresses and is no secret."""

    id: int
    token: str
    name: str
    created_at: datetime
    max_running: int | None = None


AlsoWithProject: TypeAlias = Callable[[Transaction, Project], None]


def _nothing(_transaction: Transaction, _project: Project) -> None:
    """Do nothing else."""


class ProjectStore:
    """Keeps projects."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(
        self, token: str, name: str, now: datetime, *, also: AlsoWithProject = _nothing
    ) -> Project:
        """Store a new project, do `also` with it in one transaction, and return it."""
        insert = sa.insert(projects).values(token=token, name=name, created_at=now)
        with writing(self._engine) as transaction:
            made = to_project(transaction.execute(insert.returning(*projects.c)).one())
            also(transaction, made)
        return made

    def limit(self, project: Project, most: int | None, *, also: Also = nothing) -> None:
        """Let a project have so many runs in hand, or as many as the installation says."""
        change = sa.update(projects).where(projects.c.id == project.id).values(max_running=most)
        with writing(self._engine) as transaction:
            transaction.execute(change)
            also(transaction)

    def by_token(self, token: str) -> Project | None:
        """Return the project of that token."""
        if not is_storable(token):
            return None
        with reading(self._engine) as transaction:
            found = sa.select(projects).where(projects.c.token == token)
            row = transaction.execute(found).one_or_none()
        return None if row is None else to_project(row)

    def by_id(self, project_id: int) -> Project:
        """Return the project of that id, which a stored record named."""
        with reading(self._engine) as transaction:
            found = sa.select(projects).where(projects.c.id == project_id)
            return to_project(transaction.execute(found).one())

    def list(self) -> list[Project]:
        """Return every project in the order of creation."""
        with reading(self._engine) as transaction:
            rows = transaction.execute(sa.select(projects).order_by(projects.c.id)).all()
        return [to_project(row) for row in rows]


def to_project(row: sa.Row[Any]) -> Project:
    """Return the project of a row."""
    return Project(**{name: getattr(row, name) for name in Project.__slots__})
