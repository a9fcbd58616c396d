"""The tables of the files that runs took: what became of them, and what is still owed to them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table

from definitions.file_ledger import FileState
from destinations.columns import UtcDateTime
from destinations.tables import metadata

IS_LOADED = f"state = '{FileState.LOADED}'"
IS_KNOWN = f"state IN ('{FileState.LOADED}', '{FileState.SAME_CONTENT}')"

file_ledger = Table(
    "file_ledger",
    metadata,
    Column("run_id", sa.String(24), primary_key=True),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),  # in the run, from 0
    Column("definition_id", sa.String(24), nullable=False),
    Column("path", sa.Text, nullable=False),
    Column("size", sa.BigInteger),
    Column("modified_at", UtcDateTime),
    Column("etag", sa.Text),
    Column("sha256", sa.String(64)),  # once it is fetched
    Column("state", sa.Text, nullable=False),
    Column("rows_read", sa.BigInteger, nullable=False),
    Column("rows_created", sa.BigInteger, nullable=False),
    Column("rows_updated", sa.BigInteger, nullable=False),
    Column("rows_unchanged", sa.BigInteger, nullable=False),
    Column("rows_rejected", sa.BigInteger, nullable=False),
    Column("rows_skipped", sa.BigInteger, nullable=False),
    Index(
        "ix_file_ledger_known",
        "definition_id",
        "path",
        sqlite_where=sa.text(IS_KNOWN),
        postgresql_where=sa.text(IS_KNOWN),
    ),
    Index(
        "ix_file_ledger_content",
        "definition_id",
        "sha256",
        sqlite_where=sa.text(IS_LOADED),
        postgresql_where=sa.text(IS_LOADED),
    ),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("run_id", sa.String(24), primary_key=True),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),  # as in the file ledger
    Column("definition_id", sa.String(24), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),  # once the run has ended
    Column("token", sa.BigInteger, nullable=False),  # grows with every claim; fences others
    Column("failures", sa.Integer, nullable=False),
    Column("target", sa.Text),  # the path that the file is about to get
    Column("target_key", sa.String(64)),  # the SHA-256 of that, which may be long, and its place
    Index("ix_follow_ups_due_at", "due_at"),
    Index("ix_follow_ups_definition_id", "definition_id"),
    Index("uq_follow_ups_target_key", "target_key", unique=True),
)
