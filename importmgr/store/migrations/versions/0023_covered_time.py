"""A watch knows up to when the files that have dates in their paths were found.

Revision ID: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision: str | None = "0022"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the column; a watch without is covered up to when it was looked at last."""
    op.add_column("watches", sa.Column("covered_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("watches", "covered_until")
