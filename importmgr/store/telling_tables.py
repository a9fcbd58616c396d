"""The tables of who is told about imports, and of what was sent to them.

`IS_PENDING` is written with a literal, as are the conditions in `importmgr.store.tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table

from definitions.delivery import DeliveryState
from destinations.columns import Json, RowId, UtcDateTime
from destinations.tables import metadata

IS_PENDING = f"state = '{DeliveryState.PENDING}'"

receivers = Table(
    "receivers",
    metadata,
    Column("id", sa.String(24), primary_key=True),
    Column("project_id", sa.ForeignKey("projects.id"), nullable=False),
    Column("kind", sa.Text, nullable=False),  # of `importmgr.telling.registry.CHANNELS`
    Column("document", Json, nullable=False),  # normalised
    Column("active", sa.Boolean, nullable=False),
    Column("disabled", sa.Text),  # why the service made it inactive
    Column("secret", sa.LargeBinary),  # what signs, or what is hidden, encrypted
    Column("previous_secret", sa.LargeBinary),  # signs too until previous_until
    Column("previous_until", UtcDateTime),
    Column("older_secrets", sa.LargeBinary),  # before that, each in its overlap; encrypted
    Column("created_at", UtcDateTime, nullable=False),
    # nobody sends to it before then: somebody does already, or it failed a moment ago
    Column("free_at", UtcDateTime, nullable=False),
    Column("token", sa.BigInteger, nullable=False),  # grows with every claim; fences old senders
    Column("failures", sa.Integer, nullable=False),  # since a try went well
    Column("failing_since", UtcDateTime),
    Index("ix_receivers_listed", "project_id", "kind", "created_at", "id"),
)

promises = Table(
    "promises",
    metadata,
    Column("definition_id", sa.ForeignKey("definitions.id"), primary_key=True),
    Column("every_seconds", sa.Integer, nullable=False),
    Column("min_rows", sa.BigInteger, nullable=False),
    Column("due_at", UtcDateTime, index=True),  # empty while the definition is inactive
    Column("broken_since", UtcDateTime),
    Column("last_good_at", UtcDateTime),
    Column("ping_url", sa.Text),  # who hears of each good run
    Column("ping_due_at", UtcDateTime, index=True),  # empty while no ping is owed
    Column("ping_tries", sa.Integer),  # since one was owed
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", RowId, primary_key=True),  # the order in which they came about
    Column("receiver_id", sa.ForeignKey("receivers.id"), nullable=False),
    Column("notice_id", sa.Text, nullable=False),
    Column("definition_id", sa.String(24)),
    Column("type", sa.Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", sa.Text, nullable=False),  # as it is sent
    Column("state", sa.Text, nullable=False),
    Column("attempt", sa.Integer, nullable=False),  # tries since it was queued
    Column("due_at", UtcDateTime, nullable=False),
    Column("tries", Json, nullable=False),  # the last ones: [{"at": …, "status": …, …}, …]
    sa.UniqueConstraint("receiver_id", "notice_id"),
    Index("ix_deliveries_receiver_id_number", "receiver_id", "number"),
    Index("ix_deliveries_at", "at"),
    Index(
        "ix_deliveries_due_at",
        "due_at",
        sqlite_where=sa.text(IS_PENDING),
        postgresql_where=sa.text(IS_PENDING),
    ),
)
