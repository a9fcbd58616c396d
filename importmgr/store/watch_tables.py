"""The tables of what is looked at for new files, and of those that were seen.

`IS_PASSED_OVER` is written with a literal, as are the conditions in `importmgr.store.tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table

from definitions.watching import SightState
from destinations.columns import UtcDateTime
from destinations.tables import metadata

IS_PASSED_OVER = f"state = '{SightState.PASSED_OVER}'"

watches = Table(
    "watches",
    metadata,
    Column("definition_id", sa.ForeignKey("definitions.id"), primary_key=True),
    Column("place", sa.Text, nullable=False),  # what is looked at once for all that share it
    Column("next_look_at", UtcDateTime),  # empty while the definition is inactive
    Column("token", sa.BigInteger, nullable=False),  # grows with every claim; fences old watchers
    Column("failures", sa.Integer, nullable=False),  # since a look went well
    Column("failing_since", UtcDateTime),
    Column("held_back", sa.Integer, nullable=False),  # files that wait, as too many runs do
    Column("covered_until", UtcDateTime),  # what had a date before that in its path was found
    Column("looked_at", UtcDateTime),  # the last time; this and the rest say how that went
    Column("matched", sa.Integer),  # files
    Column("older", sa.Integer),  # than the last one, which alone is wanted
    Column("waiting", sa.Integer),  # new ones that were not ready
    Column("taken", sa.Integer),
    Column("passed_over", sa.Integer),
    Column("unchanged", sa.Integer),  # looks in a row that changed nothing
    Column("changed_at", UtcDateTime),  # the last look that did
    Index("ix_watches_next_look_at", "next_look_at"),
    Index("ix_watches_place", "place", "next_look_at"),
)

watched_files = Table(
    "watched_files",
    metadata,
    Column("definition_id", sa.String(24), primary_key=True),
    Column("key", sa.String(64), primary_key=True),  # the SHA-256 of the path, which may be long
    Column("path", sa.Text, nullable=False),
    Column("size", sa.BigInteger),
    Column("modified_at", UtcDateTime),
    Column("etag", sa.Text),
    Column("since", UtcDateTime, nullable=False),  # when it was first seen like that
    Column("state", sa.Text, nullable=False),  # of `definitions.watching.SightState`
    Column("run_id", sa.String(24)),  # the run that took it
    Index(
        "ix_watched_files_passed_over",
        "definition_id",
        sqlite_where=sa.text(IS_PASSED_OVER),
        postgresql_where=sa.text(IS_PASSED_OVER),
    ),
)
