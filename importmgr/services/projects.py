"""Projects: who owns definitions, keys and data."""

from __future__ import annotations

from definitions.audit import AuditAction, Change
from definitions.errors import InvalidError, NotFoundError
from importmgr.store import Stores
from importmgr.store.projects import Project
from importmgr.store.transactions import Transaction
from importmgr.world import World

MAX_NAME = 200


class Projects:
    """Creates and finds projects."""

    def __init__(self, stores: Stores, *, world: World) -> None:
        """Take the stores and where times and tokens come from."""
        self._store = stores.projects
        self._audit = stores.audit
        self._clock = world.clock
        self._identity = world.identity

    def create(self, name: str) -> Project:
        """Return a new project with a token of its own; raise `InvalidError` for a useless name."""
        if not name.strip() or len(name) > MAX_NAME:
            raise InvalidError({"name": [f"must have 1 to {MAX_NAME} characters, not {len(name)}"]})
        token = self._identity.hex24()
        return self._store.add(token, name.strip(), self._clock.now(), also=self._record)

    def limit(self, token: str, most: int | None) -> None:
        """Let a project have so many runs at a time, or as many as the installation says."""
        project = self.require(token)
        change = Change(
            action=AuditAction.PROJECT_LIMITED,
            project_id=project.id,
            what=project.token,
            before={"max_running": project.max_running},
            after={"max_running": most},
        )
        self._store.limit(project, most, also=self._audit.recording(change))

    def _record(self, transaction: Transaction, made: Project) -> None:
        after = {"name": made.name}
        action = AuditAction.PROJECT_CREATED
        change = Change(action=action, project_id=made.id, what=made.token, after=after)
        self._audit.record(transaction, change)

    def list(self) -> list[Project]:
        """Return every project in the order of creation."""
        return self._store.list()

    def by_id(self, project_id: int) -> Project:
        """Return the project that a key or a run belongs to."""
        return self._store.by_id(project_id)

    def require(self, token: str) -> Project:
        """Return the project of that token or raise `NotFoundError`."""
        project = self._store.by_token(token)
        if project is None:
            msg = f"there is no project {token!r}; `importmgr project list` shows them"
            raise NotFoundError(msg)
        return project
