"""Secrets of receivers that were rotated more than once within their overlap.

Revision ID: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision: str | None = "0024"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add where they are kept; an older release goes on with the two it knows."""
    op.add_column("receivers", sa.Column("older_secrets", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("receivers", "older_secrets")
