"""Definitions that wait for new files: when to look, and what was seen.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables, empty; a service that starts takes in the definitions without a row."""
    op.create_table(
        "watches",
        sa.Column("definition_id", sa.String(length=24), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("next_look_at", UTC_TIME, nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UTC_TIME, nullable=True),
        sa.Column("held_back", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_watches_definition_id")
        ),
        sa.PrimaryKeyConstraint("definition_id", name=op.f("pk_watches")),
    )
    op.create_index("ix_watches_next_look_at", "watches", ["next_look_at"])
    op.create_index("ix_watches_place", "watches", ["place", "next_look_at"])
    op.create_table(
        "watched_files",
        sa.Column("definition_id", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", UTC_TIME, nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("since", UTC_TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("definition_id", "key", name=op.f("pk_watched_files")),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("watched_files")
    op.drop_table("watches")
