"""Rejected rows, kept to be corrected.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the tables, empty: of runs that were before nothing is kept."""
    op.create_table(
        "run_reject_files",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("header", JSON, nullable=False),
        sa.Column("form", JSON, nullable=True),
        sa.Column("styles", JSON, nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("kept_bytes", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("repaired", sa.BigInteger(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "part", name=op.f("pk_run_reject_files")),
    )
    op.create_index("ix_run_reject_files_at", "run_reject_files", ["at"])
    op.create_table(
        "run_rejects",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("as_cells", sa.Boolean(), nullable=False),
        sa.Column("repaired_by", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "part", "row", name=op.f("pk_run_rejects")),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("run_rejects")
    op.drop_table("run_reject_files")
