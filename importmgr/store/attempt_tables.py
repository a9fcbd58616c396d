"""The table of attempts at runs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Table

from destinations.columns import UtcDateTime
from destinations.tables import metadata

attempts = Table(
    "attempts",
    metadata,
    Column("run_id", sa.String(24), primary_key=True),
    Column("number", sa.BigInteger, primary_key=True, autoincrement=False),  # its token
    Column("owner", sa.Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", sa.Text),
    Column("code", sa.Text),
    Column("text", sa.Text),
    Column("delay", sa.Float(53)),  # seconds that the next one waits at least
)
