"""Projects: who owns definitions, keys and data."""

from __future__ import annotations

from definitions.errors import InvalidError, NotFoundError
from importmgr.store.projects import Project, ProjectStore
from importmgr.world import World

MAX_NAME = 200


class Projects:
    """Creates and finds projects."""

    def __init__(self, store: ProjectStore, *, world: World) -> None:
        """Take the store and where times and tokens come from."""
        self._store = store
        self._clock = world.clock
        self._identity = world.identity

    def create(self, name: str) -> Project:
        """Return a new project with a token of its own; raise `InvalidError` for a useless name."""
        if not name.strip() or len(name) > MAX_NAME:
            raise InvalidError({"name": [f"must have 1 to {MAX_NAME} characters, not {len(name)}"]})
        return self._store.add(self._identity.hex24(), name.strip(), self._clock.now())

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
