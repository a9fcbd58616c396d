"""Stored connections to file storages, and a ledger of the files that runs took.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
IS_KNOWN = sa.text("state IN ('loaded', 'same_content')")
IS_LOADED = sa.text("state = 'loaded'")
COUNTS = ("read", "created", "updated", "unchanged", "rejected", "skipped")


def upgrade() -> None:
    """Add the tables, empty; the release before this one does not look at them."""
    op.create_table(
        "integrations",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_integrations_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrations")),
    )
    op.create_index(
        "ix_integrations_listed", "integrations", ["project_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "file_ledger",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition_id", sa.String(length=24), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", UTC_TIME, nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(f"rows_{name}", sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_file_ledger")),
    )
    _index("ix_file_ledger_known", ["definition_id", "path"], IS_KNOWN)
    _index("ix_file_ledger_content", ["definition_id", "sha256"], IS_LOADED)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("file_ledger")
    op.drop_table("integrations")


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(
        name,
        "file_ledger",
        columns,
        unique=False,
        sqlite_where=where,
        postgresql_where=where,
    )
