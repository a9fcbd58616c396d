"""Runs remember how their files were read.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the column; what the release before this one writes has none."""
    op.add_column("runs", sa.Column("files", JSON, nullable=True))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("runs", "files")
