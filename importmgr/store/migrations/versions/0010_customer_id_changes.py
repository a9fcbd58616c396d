"""Count how often customers lost an id, so that whose an id is can be remembered.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

FUNCTION = """
CREATE OR REPLACE FUNCTION count_customer_id_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN
INSERT INTO customer_id_changes AS c (project_id, number) SELECT DISTINCT project_id, 1 FROM gone
ON CONFLICT (project_id) DO UPDATE SET number = c.number + 1;
RETURN NULL;
END$$
"""
TRIGGER = """
CREATE TRIGGER customer_ids_{event} AFTER {event} ON customer_ids
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_customer_id_change()
"""
EVENTS = ("update", "delete")


def upgrade() -> None:
    """Add the table, empty, and the triggers, which count for the release before this one too."""
    op.create_table(
        "customer_id_changes",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_customer_id_changes")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        for event in EVENTS:
            op.execute(TRIGGER.format(event=event))


def downgrade() -> None:
    """Remove the triggers and the table."""
    if op.get_bind().dialect.name == "postgresql":
        for event in EVENTS:
            op.execute(f"DROP TRIGGER customer_ids_{event} ON customer_ids")
        op.execute("DROP FUNCTION count_customer_id_change()")
    op.drop_table("customer_id_changes")
