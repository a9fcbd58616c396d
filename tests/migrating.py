"""Databases of earlier schemas, as earlier releases left them."""

from __future__ import annotations

from alembic import command

from importmgr.store import migrate
from importmgr.store.transactions import writing
from tests.engines import open_engine


def revisions() -> list[str]:
    """Return every schema there has been, the oldest first."""
    return [each.revision for each in migrate._script().walk_revisions()][::-1]


def upgrade_to(database_url: str, revision: str) -> None:
    """Bring a database to one schema and no further."""
    with open_engine(database_url) as engine, writing(engine) as transaction:
        config = migrate._config()
        config.attributes["connection"] = transaction
        command.upgrade(config, revision)
