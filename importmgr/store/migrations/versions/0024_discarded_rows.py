"""Rejected rows that came back as they were, and those that were given up, are counted.

Revision ID: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"
branch_labels: str | None = None
depends_on: str | None = None

COUNTS = (
    ("run_reject_files", "discarded"),
    ("run_repairs", "untouched"),
    ("run_repairs", "discarded"),
)


def upgrade() -> None:
    """Add the counts, which are 0 for what was handed in before."""
    for table, name in COUNTS:
        count = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column(table, count)


def downgrade() -> None:
    """Remove them."""
    for table, name in reversed(COUNTS):
        op.drop_column(table, name)
