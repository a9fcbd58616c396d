"""Data of every earlier schema survives the way to the newest one, and its imports still run.

At each schema a project comes into being as a release of that time would have stored it: with a
definition that has a password, a run with a fault, and a customer. Then the next migration follows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import JSONB

from definitions.lifecycle import RunState
from definitions.schema import normalise
from definitions.sealing import SEAL
from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.store import migrate
from tests.acceptance.documents import people
from tests.engines import open_engine
from tests.file_server import FileServer
from tests.migrating import revisions, upgrade_to
from tests.product import Product
from tests.stores import NOW, ORIGIN

PASSWORD = "correct horse battery staple"
FILE = "mail,name\njana@example.com,Jana\npetr@example.com,Petr\n"


def test_what_was_stored_under_every_schema_still_imports(
    empty_database_url: str, file_server: FileServer, tmp_path: Path
) -> None:
    url = file_server.put("/people.csv", FILE)
    data = tmp_path / "var"
    sealer = Sealer(Keyring.load(data / "master.key", None))
    *earlier, _ = revisions()
    for revision in earlier:
        upgrade_to(empty_database_url, revision)
        settle_in(empty_database_url, revision, url, sealer)

    migrate.upgrade(empty_database_url)

    product = Product(empty_database_url, data)
    try:
        for revision in earlier:
            check(product, revision)
    finally:
        product.close()


def check(product: Product, revision: str) -> None:
    """Read what was stored under a schema, and import it once more."""
    product.project = product.services.projects.require(f"token-{revision}")
    import_id = id_of("definition", revision)
    (old,) = product.services.runs.list(product.project, import_id, ORIGIN, (10, 0)).items
    document = product.services.definitions.read(product.project, import_id, ORIGIN).document

    assert (old.run.state, old.run.tally.read, old.run.tally.rejected) == ("completed", 3, 1)
    assert [fault.message for fault in old.faults] == ["is not a number"]
    assert document["source"]["auth"]["password"].startswith(SEAL)

    product.start(import_id)
    new = product.settle(import_id)

    assert (new.state, new.error) == (RunState.COMPLETED, None), revision
    assert (new.tally.read, new.tally.created, new.tally.unchanged) == (2, 1, 1), revision
    assert product.customers() == 2


def settle_in(database_url: str, revision: str, url: str, sealer: Sealer) -> None:
    """Store a project as a release of that schema would have."""
    tables = sa.MetaData()
    with open_engine(database_url) as engine, engine.begin() as connection:
        tables.reflect(connection)
        project = {"id": int(revision), "token": f"token-{revision}", "name": revision}
        add(connection, tables.tables["projects"], project)
        add(connection, tables.tables["definitions"], definition(revision, url, sealer))
        for name, row in run_of(revision).items():
            add(connection, tables.tables[name], row)
        for name, row in customer_of(revision).items():
            add(connection, tables.tables[name], row)
        if connection.dialect.name == "postgresql":
            for name in ("projects", "customers"):
                last = f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"
                connection.execute(sa.text(last))


def definition(revision: str, url: str, sealer: Sealer) -> dict[str, Any]:
    """Return a definition with a password."""
    document = people(url)
    document["source"]["auth"] = {"username": "crm", "password": ""}
    return {
        "id": id_of("definition", revision),
        "project_id": int(revision),
        "origin": ORIGIN,
        "document": normalise(document),
        "secret": sealer.encrypt_password(id_of("definition", revision), PASSWORD),
    }


def run_of(revision: str) -> Mapping[str, dict[str, Any]]:
    """Return a run that completed, with one fault."""
    run_id, counts = id_of("run", revision), {"read": 3, "created": 2, "rejected": 1}
    run = {
        "id": run_id,
        "definition_id": id_of("definition", revision),
        "project_id": int(revision),
        "cause": "manual",
        "state": "completed",
        "stop_reason": "done",
        "started_at": NOW,
        "finished_at": NOW,
        "fault_count": 1,
        **{f"rows_{name}": count for name, count in counts.items()},
    }
    fault = {"run_id": run_id, "number": 1, "code": "not_a_number", "message": "is not a number"}
    ledger = {"run_id": run_id, "batches": 1, "fault_count": 1, **counts}
    return {"runs": run, "run_ledger": ledger, "run_faults": fault}


def customer_of(revision: str) -> Mapping[str, dict[str, Any]]:
    """Return a customer that the file names too."""
    number = int(revision)
    ids = {"project_id": number, "id_type": "email_id", "id_value": "jana@example.com"}
    customer = {"id": number, "project_id": number, "properties": {"first_name": "Jana"}}
    return {"customers": customer, "customer_ids": {**ids, "customer_id": number}}


def id_of(kind: str, revision: str) -> str:
    return f"{kind[0]}{revision}".ljust(24, "0")


def add(connection: Connection, table: sa.Table, row: Mapping[str, Any]) -> None:
    """Store a row; columns that it does not name get a neutral value where there must be one."""
    columns = [column for column in table.columns if column.name in row or is_needed(column)]
    values = {column.name: value_of(column, row) for column in columns}
    connection.execute(sa.insert(table).values(values))


def is_needed(column: sa.Column[Any]) -> bool:
    counts_itself = column.primary_key and isinstance(column.type, sa.Integer)
    return not (column.nullable or column.server_default is not None or counts_itself)


def value_of(column: sa.Column[Any], row: Mapping[str, Any]) -> object:
    value = row[column.name] if column.name in row else neutral(column)
    is_text = not isinstance(column.type, JSONB)
    return json.dumps(value) if is_text and isinstance(value, dict | list) else value


def neutral(column: sa.Column[Any]) -> object:
    """Return what stands where nothing is said."""
    if column.name == "warnings":
        return []
    kinds: dict[type, object] = {datetime: NOW, bool: True, int: 0, float: 0.0, str: ""}
    return kinds[column.type.python_type]
