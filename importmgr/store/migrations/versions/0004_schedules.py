"""Definitions know when they fire next; what the service decides by itself is written down.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIRES = sa.text("next_fire_at IS NOT NULL")


def upgrade() -> None:
    """Add columns, empty, and the table; the service schedules at its start what has none."""
    op.add_column("definitions", sa.Column("next_fire_at", UTC_TIME, nullable=True))
    op.add_column("definitions", sa.Column("decided_until", UTC_TIME, nullable=True))
    op.add_column("definitions", sa.Column("timezone", sa.Text(), nullable=True))
    op.add_column("definitions", sa.Column("schedule_stamp", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("late", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_definitions_next_fire_at",
        "definitions",
        ["next_fire_at"],
        sqlite_where=FIRES,
        postgresql_where=FIRES,
    )
    op.create_table(
        "decisions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("definition_id", sa.String(length=24), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name="fk_decisions_definition_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_definition_id_id", "decisions", ["definition_id", "id"])
    op.create_index("ix_decisions_at", "decisions", ["at"])


def downgrade() -> None:
    """Remove the table and the columns."""
    op.drop_table("decisions")
    op.drop_index("ix_definitions_next_fire_at", "definitions")
    op.drop_column("runs", "late")
    for name in ("schedule_stamp", "timezone", "decided_until", "next_fire_at"):
        op.drop_column("definitions", name)
