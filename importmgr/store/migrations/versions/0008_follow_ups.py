"""What is owed to files of storages once their run has ended.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, empty: nothing is owed to files that were taken before."""
    op.create_table(
        "follow_ups",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition_id", sa.String(length=24), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("target_key", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_follow_ups")),
    )
    op.create_index("ix_follow_ups_due_at", "follow_ups", ["due_at"])
    op.create_index("ix_follow_ups_definition_id", "follow_ups", ["definition_id"])
    op.create_index("uq_follow_ups_target_key", "follow_ups", ["target_key"], unique=True)


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("follow_ups")
