"""What definitions promise: a good run at least every so often.

Revision ID: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, empty: no definition has promised anything yet."""
    op.create_table(
        "promises",
        sa.Column("definition_id", sa.String(length=24), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("min_rows", sa.BigInteger(), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=True),
        sa.Column("broken_since", UTC_TIME, nullable=True),
        sa.Column("last_good_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_promises_definition_id")
        ),
        sa.PrimaryKeyConstraint("definition_id", name=op.f("pk_promises")),
    )
    op.create_index("ix_promises_due_at", "promises", ["due_at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("promises")
