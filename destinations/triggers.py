"""Triggers that keep honest what is remembered of records, whoever changes them.

`import_hash`: who changes a record without saying so clears it. The hash says which write would
change nothing. Whatever alters what is stored and does not bring its own hash, be it a live write,
an older release or a hand at the database's console, makes it NULL; a stale hash cannot exist. Rows
that are deleted take theirs along.

`customer_id_changes`: how often ids of a project were taken from somebody. Whoever remembers whose
an id is, and finds the count as it was, knows that this is still so. Only PostgreSQL counts: it is
a look at the database that is saved, and SQLite's costs little.
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
_COUNTING = """
CREATE OR REPLACE FUNCTION count_customer_id_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN
INSERT INTO customer_id_changes AS c (project_id, number) SELECT DISTINCT project_id, 1 FROM gone
ON CONFLICT (project_id) DO UPDATE SET number = c.number + 1;
RETURN NULL;
END$$
"""
_COUNTED = """
CREATE TRIGGER customer_ids_{event} AFTER {event} ON customer_ids
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_customer_id_change()
"""


def forget_hashes(table: Table, *columns: str) -> None:
    """Give the table, whenever it is made, its trigger: a write to `columns` clears the hash."""
    for dialect, statement in _statements(table, columns):
        ddl = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def count_changes(customer_ids: Table) -> None:
    """Give the table, whenever it is made, its triggers: an id changed or deleted is counted."""
    for statement in (_COUNTING, _COUNTED.format(event="update"), _COUNTED.format(event="delete")):
        ddl = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(customer_ids, "after_create", ddl.execute_if(dialect="postgresql"))


def _statements(table: Table, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the statements with their engine, in order."""
    names = {"table": table.name, "columns": ", ".join(columns)}
    key = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key)
    yield "postgresql", _FUNCTION
    yield "postgresql", _POSTGRESQL.format(**names)
    yield "sqlite", _SQLITE.format(**names, key=key)
