"""Each attempt at a run is written down.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, empty: attempts made before, or by the release before, are not in it."""
    op.create_table(
        "attempts",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("delay", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_attempts")),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("attempts")
