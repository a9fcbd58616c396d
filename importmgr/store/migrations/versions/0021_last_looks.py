"""Watches know how their last look went, and which files are passed over is found quickly.

Revision ID: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None

INDEX = "ix_watched_files_passed_over"
WHERE = sa.text("state = 'passed_over'")
COUNTS = ("matched", "older", "waiting", "taken", "passed_over", "unchanged")
TIMES = ("looked_at", "changed_at")


def upgrade() -> None:
    """Add the columns, empty until the next look, and the index."""
    for name in TIMES:
        op.add_column("watches", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in COUNTS:
        op.add_column("watches", sa.Column(name, sa.Integer(), nullable=True))
    op.create_index(
        INDEX, "watched_files", ["definition_id"], sqlite_where=WHERE, postgresql_where=WHERE
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index(INDEX, "watched_files")
    for name in (*COUNTS, *TIMES):
        op.drop_column("watches", name)
