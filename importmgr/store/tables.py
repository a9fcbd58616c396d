"""The tables of what importmgr remembers, beside those of the loaded data.

States are kept as text; `IS_WAITING` and `IS_HELD` are written with literals, in queries and in
partial indexes alike, because SQLite uses such an index only for the very words it was made with.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, FromClause, Index, Table

from definitions.lifecycle import HELD, WAITING, RunState
from destinations.columns import Json, RowId, UtcDateTime
from destinations.tables import metadata
from importmgr.store.attempt_tables import attempts
from importmgr.store.file_tables import file_ledger, follow_ups
from importmgr.store.telling_tables import deliveries, receivers
from importmgr.store.watch_tables import watched_files, watches

__all__ = [
    "api_keys",
    "attempts",
    "audit",
    "decisions",
    "definitions",
    "deliveries",
    "dry_runs",
    "file_ledger",
    "follow_ups",
    "installation",
    "integrations",
    "is_held",
    "is_queued",
    "is_waiting",
    "metadata",
    "projects",
    "rate_hits",
    "receivers",
    "run_repairs",
    "runs",
    "watched_files",
    "watches",
]

IS_WAITING = "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(WAITING)))
IS_HELD = "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(HELD)))
FIRES = "next_fire_at IS NOT NULL"
IS_ALIVE = "deleted_at IS NULL"

projects = Table(
    "projects",
    metadata,
    Column("id", sa.Integer, primary_key=True),
    Column("token", sa.Text, nullable=False, unique=True),
    Column("name", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("max_running", sa.Integer),  # runs at a time; NULL: as the installation says
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", sa.String(24), primary_key=True),
    Column("project_id", sa.ForeignKey("projects.id"), nullable=False, index=True),
    Column("name", sa.Text, nullable=False),
    Column("permissions", Json, nullable=False),  # ["imports.list", …]
    Column("last4", sa.String(4), nullable=False),
    Column("secret_hash", sa.LargeBinary, nullable=False),
    Column("previous_hash", sa.LargeBinary),  # good until previous_until, after a rotation
    Column("previous_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

definitions = Table(
    "definitions",
    metadata,
    Column("id", sa.String(24), primary_key=True),
    Column("project_id", sa.ForeignKey("projects.id"), nullable=False),
    Column("origin", sa.Text, nullable=False),  # the dialect it was made through
    Column("document", Json, nullable=False),  # normalised, without the password
    Column("secret", sa.LargeBinary),  # the password, encrypted
    Column("active", sa.Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    # when it fires; empty for a definition that does not fire by the clock, or is not active
    Column("next_fire_at", UtcDateTime),
    Column("decided_until", UtcDateTime),  # every instant up to this one has been decided
    Column("timezone", sa.Text),
    Column("schedule_stamp", sa.Text),  # of the rule and the zone; NULL: not looked at yet
    Index(
        "ix_definitions_next_fire_at",
        "next_fire_at",
        sqlite_where=sa.text(FIRES),
        postgresql_where=sa.text(FIRES),
    ),
    Index(
        "ix_definitions_listed",
        "project_id",
        "origin",
        "created_at",
        "id",
        sqlite_where=sa.text(IS_ALIVE),
        postgresql_where=sa.text(IS_ALIVE),
    ),
)

runs = Table(
    "runs",
    metadata,
    Column("number", RowId, primary_key=True),  # the order in which runs were asked for
    Column("id", sa.String(24), nullable=False, unique=True),
    Column("definition_id", sa.ForeignKey("definitions.id"), nullable=False),
    Column("project_id", sa.ForeignKey("projects.id"), nullable=False),
    Column("cause", sa.Text, nullable=False),
    Column("scheduled_for", UtcDateTime),  # the instant of a schedule that asked for it
    Column("late", sa.Boolean),  # whether that instant had been missed
    Column("rerun_of", sa.String(24)),  # the run whose files it loads again
    Column("priority", sa.Integer),  # greater goes first; NULL: 0
    Column("location", sa.Text),  # where to import from, for this run only
    Column("source_location", sa.Text),  # where it imported from, as people may see it
    Column("state", sa.Text, nullable=False),
    Column("stop_reason", sa.Text),
    Column("error", sa.Text),
    Column("reason_code", sa.Text),
    Column("warnings", Json, nullable=False),  # ["…", …]
    Column("files", Json),  # [{"file": "…", "read_as": {"encoding": "…", …}}, …]
    Column("token", sa.BigInteger, nullable=False),  # grows with every claim; fences old owners
    Column("attempt", sa.Integer, nullable=False),  # how often it was claimed
    Column("failures", sa.Integer, nullable=False),  # that may pass, since it got further
    Column("failed_at_batch", sa.BigInteger, nullable=False),  # how far it was at the last one
    Column("crashes", sa.Integer, nullable=False),  # of its executors, since it got further
    Column("crashed_at_batch", sa.BigInteger, nullable=False),  # how far it was at the last one
    Column("not_before", UtcDateTime, nullable=False),
    Column("lease_owner", sa.Text),
    Column("lease_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("paused_at", UtcDateTime),  # since when it is paused
    Column("braked", Json),  # {"brake": "…", "text": "…", "figures": {…}} of what paused it
    Column("passed", Json),  # ["…", …]: the brakes that somebody let pass
    Column("columns", Json),  # ["…", …] of the last file that was opened
    Column("asked_by", sa.Text),  # the actor who last told it what to do
    # how the rows ended, copied from the ledger when the run reaches its last state
    Column("rows_total", sa.BigInteger),
    Column("rows_read", sa.BigInteger, nullable=False),
    Column("rows_created", sa.BigInteger, nullable=False),
    Column("rows_updated", sa.BigInteger, nullable=False),
    Column("rows_unchanged", sa.BigInteger, nullable=False),
    Column("rows_rejected", sa.BigInteger, nullable=False),
    Column("rows_skipped", sa.BigInteger, nullable=False),
    Column("fault_count", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("definition_id", "scheduled_for"),
    Index("ix_runs_definition_id_number", "definition_id", "number"),
    Index("ix_runs_finished_at", "finished_at"),  # the old ones, and those that have not ended
    Index(
        "uq_runs_held",  # one run of a definition at a time, whatever the code does
        "definition_id",
        unique=True,
        sqlite_where=sa.text(IS_HELD),
        postgresql_where=sa.text(IS_HELD),
    ),
    Index(
        "ix_runs_held_project",
        "project_id",
        sqlite_where=sa.text(IS_HELD),
        postgresql_where=sa.text(IS_HELD),
    ),
    Index(
        "ix_runs_waiting",
        "definition_id",
        "number",
        sqlite_where=sa.text(IS_WAITING),
        postgresql_where=sa.text(IS_WAITING),
    ),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", RowId, primary_key=True),  # the order in which they were made
    Column("definition_id", sa.ForeignKey("definitions.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("code", sa.Text, nullable=False),  # of `definitions.decisions.DecisionCode`
    Column("facts", Json, nullable=False),
    Index("ix_decisions_definition_id_id", "definition_id", "id"),
    Index("ix_decisions_at", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),  # the order in which changes were made
    Column("at", UtcDateTime, nullable=False),
    Column("project_id", sa.ForeignKey("projects.id")),  # NULL: of the whole installation
    Column("actor", sa.Text, nullable=False),  # the id of a key, `cli:` and a user, or `service`
    Column("action", sa.Text, nullable=False),  # of `definitions.audit.AuditAction`
    Column("object", sa.Text, nullable=False),  # the id of what was changed
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("request_id", sa.Text),
    Index("ix_audit_project_id_id", "project_id", "id"),
    Index("ix_audit_at", "at"),
)

integrations = Table(
    "integrations",
    metadata,
    Column("id", sa.String(24), primary_key=True),
    Column("project_id", sa.ForeignKey("projects.id"), nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),  # of sources.registry.STORAGES
    Column("settings", Json, nullable=False),  # without the secret ones
    Column("secret", sa.LargeBinary),  # the secret ones as one JSON object, encrypted
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_integrations_listed", "project_id", "created_at", "id"),
)

run_repairs = Table(
    "run_repairs",
    metadata,
    Column("run_id", sa.String(24), primary_key=True),  # the run that loads the corrected rows
    Column("of_run_id", sa.String(24), nullable=False, index=True),  # the run that rejected them
    Column("part", sa.Integer, nullable=False),  # of `run_reject_files`
    Column("content", sa.LargeBinary),  # what was handed in, until it is loaded
    Column("size", sa.BigInteger, nullable=False),
    Column("sha256", sa.String(64), nullable=False),
    Column("asked_by", sa.Text, nullable=False),  # the id of a key
    Column("asked_at", UtcDateTime, nullable=False),
    # of the rows handed in: those that came back as they were, and those that were given up
    Column("untouched", sa.BigInteger, nullable=False, server_default="0"),
    Column("discarded", sa.BigInteger, nullable=False, server_default="0"),
    Index("ix_run_repairs_asked_at", "asked_at"),
)

dry_runs = Table(
    "dry_runs",
    metadata,
    Column("run_id", sa.String(24), primary_key=True),  # a run of a copy of the definition
    Column("definition_id", sa.String(24)),  # empty for a definition that is not stored
    Column("report", sa.Text),  # JSON in ASCII: JSONB does not take every character
    Column("asked_at", UtcDateTime, nullable=False),
    Index("ix_dry_runs_asked_at", "asked_at"),
)

installation = Table(
    "installation",
    metadata,
    Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    Column("key_id", sa.LargeBinary, nullable=False),  # of the master key that all else hangs on
)

rate_hits = Table(
    "rate_hits",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", sa.Text, nullable=False),
    Column("at", sa.Float(53), nullable=False),  # epoch seconds
    Index("ix_rate_hits_key_at", "key", "at"),
    Index("ix_rate_hits_at", "at"),
)


def is_queued(table: FromClause = runs) -> sa.ColumnElement[bool]:
    """Return the condition under which a run waits for an executor."""
    return table.c.state == sa.literal_column(f"'{RunState.QUEUED}'")


def is_waiting(table: FromClause = runs) -> sa.ColumnElement[bool]:
    """Return the condition under which a run has a place in the queue of its definition."""
    return table.c.state.in_([sa.literal_column(f"'{state}'") for state in sorted(WAITING)])


def is_held(table: FromClause = runs) -> sa.ColumnElement[bool]:
    """Return the condition under which an executor holds a run."""
    return table.c.state.in_([sa.literal_column(f"'{state}'") for state in sorted(HELD)])
