"""Runs can be paused, keep their place in the queue meanwhile, and know who told them to.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

WAITING = "state IN ('paused', 'queued')"
HELD = "state IN ('running', 'starting')"
HELD_BEFORE = "state IN ('paused', 'running', 'starting')"


def upgrade() -> None:
    """Add the columns; let the indexes hold what waits and what is worked on from now on.

    The release before this one has no paused runs, and finds all others by the new indexes too.
    """
    op.add_column("runs", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("runs", sa.Column("asked_by", sa.Text(), nullable=True))
    op.drop_index("ix_runs_queued", "runs")
    _index("ix_runs_waiting", ["definition_id", "number"], WAITING)
    op.drop_index("uq_runs_held", "runs")
    _index("uq_runs_held", ["definition_id"], HELD, unique=True)


def downgrade() -> None:
    """Put the indexes back and remove the columns."""
    op.drop_index("uq_runs_held", "runs")
    _index("uq_runs_held", ["definition_id"], HELD_BEFORE, unique=True)
    op.drop_index("ix_runs_waiting", "runs")
    _index("ix_runs_queued", ["definition_id", "number"], "state = 'queued'")
    op.drop_column("runs", "asked_by")
    op.drop_column("runs", "paused_at")


def _index(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, "runs", columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )
