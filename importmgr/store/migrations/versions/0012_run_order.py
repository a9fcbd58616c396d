"""Runs have priorities, projects a limit of runs at a time.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None

HELD = sa.text("state IN ('running', 'starting')")


def upgrade() -> None:
    """Add the columns, empty, and what counts the runs in hand of a project."""
    op.add_column("runs", sa.Column("priority", sa.Integer(), nullable=True))
    op.add_column("projects", sa.Column("max_running", sa.Integer(), nullable=True))
    op.create_index(
        "ix_runs_held_project", "runs", ["project_id"], sqlite_where=HELD, postgresql_where=HELD
    )


def downgrade() -> None:
    """Remove the index and the columns."""
    op.drop_index("ix_runs_held_project", "runs")
    op.drop_column("projects", "max_running")
    op.drop_column("runs", "priority")
