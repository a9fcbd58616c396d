"""The tables of loaded data and of the ledger; importmgr.store adds its own to the same `metadata`.

Tables that take millions of rows have no foreign keys: the check costs a lookup per row, and every
writer holds the lock of what it writes into (`destinations.bulk`), so nothing can be orphaned.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from destinations.columns import Json, OrderedText, RowId, UtcDateTime
from destinations.triggers import count_changes, forget_hashes

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

catalogs = Table(
    "catalogs",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("public_id", String(24), nullable=False, unique=True),
    Column("project_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("associated_catalog_id", Text),
    Column("fields", Json, nullable=False),  # [{"name", "type", "searchable", "indexed"}]
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("project_id", "name"),
)

catalog_items = Table(
    "catalog_items",
    metadata,
    Column("catalog_id", RowId, primary_key=True, autoincrement=False),
    Column("item_id", OrderedText, primary_key=True),
    Column("properties", Json, nullable=False),
    Column("import_hash", BigInteger),  # which write would change nothing: `destinations.hashes`
)
forget_hashes(catalog_items, "properties")

customers = Table(
    "customers",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("project_id", Integer, nullable=False, index=True),
    Column("properties", Json, nullable=False),
    # property -> epoch seconds of its last timed write; NULL while no write was timed
    Column("written_at", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("import_hash", BigInteger),  # as with items
)
forget_hashes(customers, "properties", "written_at")

customer_ids = Table(
    "customer_ids",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("id_type", Text, primary_key=True),
    Column("id_value", Text, primary_key=True),
    Column("customer_id", RowId, nullable=False, index=True),
    sqlite_with_rowid=False,
)
count_changes(customer_ids)

customer_id_changes = Table(
    "customer_id_changes",  # `destinations.triggers`; a project without a row has none
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("project_id", Integer, nullable=False),
    Column("customer_id", RowId, nullable=False),
    Column("type", Text, nullable=False),
    Column("timestamp", Float(53), nullable=False),  # epoch seconds
    Column("properties", Json, nullable=False),
    Column("run_id", Text),  # or the request that sent it
    Column("row", BigInteger),
    # MD5 of what makes the event this event: type and properties, or run, file, content and row
    Column("fingerprint", LargeBinary(16), nullable=False),
    # finds a customer's events in time order, and lets an event in only once
    Index("uq_events_identity", "customer_id", "timestamp", "fingerprint", unique=True),
)

run_ledger = Table(
    "run_ledger",
    metadata,
    Column("run_id", String(24), primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("file", Integer, nullable=False),
    Column("identity", Text),
    Column("byte", BigInteger),
    Column("row", BigInteger),
    Column("line", BigInteger),
    Column("batches", BigInteger, nullable=False),
    Column("read", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("fault_count", BigInteger, nullable=False),
)

run_faults = Table(
    "run_faults",
    metadata,
    Column("run_id", String(24), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # from 1, in file order
    Column("file", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("column", Text),
    Column("value", Text),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("rejects_row", Boolean, nullable=False),
)

# The files that rejected rows of a run come from: `definitions.rejects.RejectedFile`. A file that
# changed between two attempts is another one. One without rejected rows is there if its columns
# told late how they are written.
run_reject_files = Table(
    "run_reject_files",
    metadata,
    Column("run_id", String(24), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("number", Integer, nullable=False),
    Column("identity", Text),
    Column("name", Text, nullable=False),
    Column("header", Json, nullable=False),  # ["…", …]
    Column("form", Json),
    Column("styles", Json, nullable=False),
    Column("rejected", BigInteger, nullable=False),  # rows of it
    Column("kept_bytes", BigInteger, nullable=False),
    Column("kept", BigInteger, nullable=False),  # rows that are below, repaired ones included
    Column("repaired", BigInteger, nullable=False),
    Column("discarded", BigInteger, nullable=False, server_default="0"),  # somebody gave them up
    Column("at", UtcDateTime, nullable=False),  # of the start of the run, for cleaning up
    Index("ix_run_reject_files_at", "at"),
)

run_rejects = Table(
    "run_rejects",
    metadata,
    Column("run_id", String(24), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("line", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("column", Text),
    Column("message", Text, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("as_cells", Boolean, nullable=False),
    Column("typed", LargeBinary),
    Column("repaired_by", String(24)),  # the run that loaded it in the end, or gave it up
)
