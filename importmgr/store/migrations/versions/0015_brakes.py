"""Runs know what braked them, what was let pass, and which columns their files had.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
COLUMNS = ("braked", "passed", "columns")


def upgrade() -> None:
    """Add the columns, empty."""
    for name in COLUMNS:
        op.add_column("runs", sa.Column(name, JSON, nullable=True))


def downgrade() -> None:
    """Remove the columns."""
    for name in COLUMNS:
        op.drop_column("runs", name)
