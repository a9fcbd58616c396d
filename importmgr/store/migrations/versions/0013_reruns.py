"""Runs know whose files they load again.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("runs", sa.Column("rerun_of", sa.String(length=24), nullable=True))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("runs", "rerun_of")
