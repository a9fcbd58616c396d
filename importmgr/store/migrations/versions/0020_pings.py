"""Promises know whom to ping after a good run, and whether that is owed.

Revision ID: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None

INDEX = "ix_promises_ping_due_at"


def upgrade() -> None:
    """Add the columns: no promise of before pings anybody."""
    op.add_column("promises", sa.Column("ping_url", sa.Text(), nullable=True))
    op.add_column("promises", sa.Column("ping_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("promises", sa.Column("ping_tries", sa.Integer(), nullable=True))
    op.create_index(INDEX, "promises", ["ping_due_at"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index(INDEX, "promises")
    for name in ("ping_tries", "ping_due_at", "ping_url"):
        op.drop_column("promises", name)
