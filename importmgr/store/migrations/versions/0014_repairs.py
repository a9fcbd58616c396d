"""Repairs: corrected rows that were handed in.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "run_repairs",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("of_run_id", sa.String(length=24), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_repairs")),
    )
    op.create_index(op.f("ix_run_repairs_of_run_id"), "run_repairs", ["of_run_id"])
    op.create_index("ix_run_repairs_asked_at", "run_repairs", ["asked_at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("run_repairs")
