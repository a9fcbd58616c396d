from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from destinations.columns import Json, UtcDateTime

values = sa.Table(
    "some_values",
    sa.MetaData(),
    sa.Column("at", UtcDateTime),
    sa.Column("document", Json),
)


def through(engine: Engine, **columns: object) -> sa.Row[Any]:
    with engine.begin() as connection:
        values.create(connection, checkfirst=True)
        connection.execute(sa.delete(values))
        connection.execute(sa.insert(values).values(columns))
        return connection.execute(sa.select(values)).one()


def test_a_time_comes_back_in_utc(engine: Engine) -> None:
    prague = timezone(timedelta(hours=2))
    at = datetime(2026, 7, 1, 12, 30, 0, 250, tzinfo=prague)

    found = through(engine, at=at).at

    assert found == at
    assert found.tzinfo is UTC


def test_no_time_stays_none(engine: Engine) -> None:
    assert through(engine, at=None).at is None


def test_a_time_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(sa.exc.StatementError, match="has no time zone"):
        through(engine, at=datetime(2026, 7, 1))  # noqa: DTZ001 - what must be refused


@pytest.mark.parametrize("document", [{"b": [1, None, "é"], "a": {}}, [], "text", 0, False])
def test_a_json_value_comes_back_as_it_was(engine: Engine, document: object) -> None:
    found = through(engine, document=document).document

    assert found == document
    assert type(found) is type(document)


def test_none_is_null_not_json(engine: Engine) -> None:
    through(engine, document=None)

    with engine.begin() as connection:
        empty = sa.select(values.c.document.is_(None))
        assert connection.execute(empty).scalar_one()
