"""Which cells of rejected rows are no text in their file, but numbers or dates.

Revision ID: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision: str | None = "0025"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add where that is kept; of rows that an older release keeps nobody knows it."""
    op.add_column("run_rejects", sa.Column("typed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("run_rejects", "typed")
