"""Records know which write would change nothing, and forget it when anything else changes them.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

FUNCTION = """
CREATE OR REPLACE FUNCTION forget_import_hash() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN NEW.import_hash := NULL; RETURN NEW; END$$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_import_hash BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW
WHEN (OLD.import_hash = NEW.import_hash) EXECUTE FUNCTION forget_import_hash()
"""
SQLITE = """
CREATE TRIGGER {table}_import_hash AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
WHEN OLD.import_hash = NEW.import_hash
BEGIN UPDATE {table} SET import_hash = NULL WHERE {key}; END
"""
TABLES = (
    ("catalog_items", "properties", "catalog_id = NEW.catalog_id AND item_id = NEW.item_id"),
    ("customers", "properties, written_at", "id = NEW.id"),
)


def upgrade() -> None:
    """Add the columns, empty, and the triggers, which answer for the release before this one."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute(FUNCTION)
    for table, columns, key in TABLES:
        op.add_column(table, sa.Column("import_hash", sa.BigInteger(), nullable=True))
        trigger = POSTGRESQL if is_postgresql else SQLITE
        op.execute(trigger.format(table=table, columns=columns, key=key))


def downgrade() -> None:
    """Remove the triggers and the columns."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, _, _ in TABLES:
        where = f" ON {table}" if is_postgresql else ""
        op.execute(f"DROP TRIGGER {table}_import_hash{where}")
        op.drop_column(table, "import_hash")
    if is_postgresql:
        op.execute("DROP FUNCTION forget_import_hash()")
