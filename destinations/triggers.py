"""Triggers that keep `import_hash` honest: who changes a record without saying so clears it.

The hash says which write would change nothing. Whatever alters what is stored and does not bring
its own hash, be it a live write, an older release or a hand at the database's console, makes it
NULL; a stale hash cannot exist. Rows that are deleted take theirs along.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import DDL, Table, event

_FUNCTION = """
CREATE OR REPLACE FUNCTION forget_import_hash() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN NEW.import_hash := NULL; RETURN NEW; END$$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_import_hash BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW
WHEN (OLD.import_hash = NEW.import_hash) EXECUTE FUNCTION forget_import_hash()
"""
_SQLITE = """
CREATE TRIGGER {table}_import_hash AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
WHEN OLD.import_hash = NEW.import_hash
BEGIN UPDATE {table} SET import_hash = NULL WHERE {key}; END
"""


def forget_hashes(table: Table, *columns: str) -> None:
    """Give the table, whenever it is made, its trigger: a write to `columns` clears the hash."""
    for dialect, statement in _statements(table, columns):
        ddl = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def _statements(table: Table, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the statements with their engine, in order."""
    names = {"table": table.name, "columns": ", ".join(columns)}
    key = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key)
    yield "postgresql", _FUNCTION
    yield "postgresql", _POSTGRESQL.format(**names)
    yield "sqlite", _SQLITE.format(**names, key=key)
