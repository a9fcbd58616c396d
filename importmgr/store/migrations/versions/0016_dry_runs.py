"""Dry runs, and what they found out.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "dry_runs",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("definition_id", sa.String(length=24), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("asked_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_dry_runs")),
    )
    op.create_index("ix_dry_runs_asked_at", "dry_runs", ["asked_at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("dry_runs")
