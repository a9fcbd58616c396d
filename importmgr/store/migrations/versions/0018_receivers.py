"""Who is told about imports, and what was sent to them.

Revision ID: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the tables, empty."""
    op.create_table(
        "receivers",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Text(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", UTC_TIME, nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("free_at", UTC_TIME, nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_receivers_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receivers")),
    )
    op.create_index("ix_receivers_listed", "receivers", ["project_id", "kind", "created_at", "id"])
    op.create_table(
        "deliveries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receiver_id", sa.String(length=24), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.String(length=24), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("tries", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["receivers.id"], name=op.f("fk_deliveries_receiver_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "receiver_id", "notice_id", name=op.f("uq_deliveries_receiver_id_notice_id")
        ),
    )
    op.create_index("ix_deliveries_receiver_id_number", "deliveries", ["receiver_id", "number"])
    op.create_index("ix_deliveries_at", "deliveries", ["at"])
    op.create_index(
        "ix_deliveries_due_at",
        "deliveries",
        ["due_at"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("deliveries")
    op.drop_table("receivers")
