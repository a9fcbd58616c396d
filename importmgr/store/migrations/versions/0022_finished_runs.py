"""Runs are found by when they ended: the old ones, and those that have not ended.

Revision ID: 0022
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None

INDEX = "ix_runs_finished_at"


def upgrade() -> None:
    """Add the index."""
    op.create_index(INDEX, "runs", ["finished_at"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index(INDEX, "runs")
