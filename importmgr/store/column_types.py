"""Whether the columns are still of the types that importmgr writes; only PostgreSQL can tell.

Rows are copied in the form in which PostgreSQL keeps each type. A column that somebody made a date
of would take the eight bytes of a number for one, and nobody would notice.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from definitions.errors import SettingsError
from importmgr.store.tables import metadata
from importmgr.store.transactions import Transaction, is_postgresql

_TEXTS = postgresql.ARRAY(sa.Text)
_OTHERS = sa.text("""
SELECT needed.name, coalesce(format_type(found.atttypid, NULL), 'missing'),
    format_type(needed.type, NULL)
FROM (
    SELECT t.relation || '.' || t.attribute AS name, to_regclass(t.relation) AS relation,
        t.attribute, to_regtype(t.type)::oid AS type
    FROM unnest(:tables, :columns, :types) AS t (relation, attribute, type)
) AS needed
LEFT JOIN pg_attribute AS found
    ON found.attrelid = needed.relation AND found.attname = needed.attribute
    AND NOT found.attisdropped
WHERE found.atttypid IS DISTINCT FROM needed.type
ORDER BY 1
""").bindparams(
    *(
        sa.bindparam(name, type_=postgresql.ARRAY(sa.Text))
        for name in ("tables", "columns", "types")
    )
)


def check_column_types(transaction: Transaction) -> None:
    """Raise `SettingsError` if a column is missing or of a type other than the one written."""
    if not is_postgresql(transaction):
        return
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    values = {
        "tables": [column.table.name for column in columns],
        "columns": [column.name for column in columns],
        "types": [_words(column.type, transaction) for column in columns],
    }
    others = transaction.execute(_OTHERS, values).all()
    if others:
        listed = ", ".join(f"{name} is {found}, not {needed}" for name, found, needed in others)
        msg = (
            f"the database was changed by hand: {listed}; ALTER each column back to its type, or "
            "restore a backup"
        )
        raise SettingsError(msg)


def _words(kind: sa.types.TypeEngine[Any], transaction: Transaction) -> str:
    """Return a type as the database calls it, without what it is ordered by."""
    return kind.compile(dialect=transaction.dialect).partition(" COLLATE ")[0]
