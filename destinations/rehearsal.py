"""Writing records where it changes nothing: into a database of its own, filled as it is needed.

Of what the real database holds, the part that a batch of records is about is copied before the
batch is written; the real one is only read, a short moment each time, and holds up nobody. The
records are then written by the very code that would load them, so that they end as they would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.batches import Records, Tally
from definitions.model import CatalogDestination, EventDestination, ImportDefinition
from destinations.base import Destination, LoadContext
from destinations.engine import create_engine, reading
from destinations.failures import database_errors
from destinations.registry import open_destination
from destinations.tables import catalog_items, catalogs, customer_ids, customers, events, metadata

TABLES: Final = (catalogs, catalog_items, customers, customer_ids, events)
ASKED_AT_ONCE: Final = 500  # keys of one query
ABOVE_ALL: Final = 1 << 60  # customers that are new get greater numbers than any that is there
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One record: where its row stood, how it ended, and the properties before and after.

    `before` and `after` are JSON texts; None where there is nothing.
    """

    row: int
    outcome: str
    keys: Mapping[str, str]
    before: str | None
    after: str | None


class Rehearsal:
    """A destination that records can be written to without any effect."""

    def __init__(
        self, real: Engine, place: Path, definition: ImportDefinition, context: LoadContext
    ) -> None:
        """Make the database at `place`, in the place of one that was left there."""
        for left in place.parent.glob(f"{place.name}*"):
            left.unlink()
        self._real = reading(real)
        self._target = definition.destination
        self._context = context
        self._catalog_id: int | None = None
        self._engine = create_engine(f"sqlite:///{place}")
        try:
            self._destination = self._open(definition)
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        """Close the database; its file is left."""
        self._engine.dispose()

    def write(self, records: Records, samples: int) -> tuple[Tally, list[Sample]]:
        """Write a batch; tell how the records end, the first `samples` of them one by one."""
        if not records.frame.height:
            return Tally(), []
        with database_errors():
            with self._real.begin() as real:
                copies = list(self._known(real, records))
            with self._engine.begin() as connection:
                for table, rows in copies:
                    _add(connection, table, rows)
                found = [self._write_one(connection, one) for one in _singly(records, samples)]
                rest = replace(records, frame=records.frame[samples:])
                tally = sum((tally for tally, _ in found), Tally())
                if rest.frame.height:
                    tally += self._destination.write(connection, rest)
        return tally, [sample for _, sample in found]

    def _open(self, definition: ImportDefinition) -> Destination:
        with database_errors(), self._engine.begin() as connection:
            metadata.create_all(connection, tables=TABLES)
            first = {"id": ABOVE_ALL, "project_id": 0, "properties": {}, "created_at": BEGINNING}
            connection.execute(sa.insert(customers).values(first))
            if isinstance(self._target, CatalogDestination):
                self._copy_catalog(connection, self._target.name)
            return open_destination(connection, definition, self._context)

    def _copy_catalog(self, connection: Connection, name: str) -> None:
        """Copy the catalog, if there is one of that name."""
        mine = (catalogs.c.project_id == self._context.project_id) & (catalogs.c.name == name)
        with self._real.begin() as real:
            row = real.execute(sa.select(catalogs).where(mine)).one_or_none()
        if row is not None:
            self._catalog_id = row.id
            connection.execute(sa.insert(catalogs).values(dict(row._mapping)))  # noqa: SLF001

    def _known(
        self, real: Connection, records: Records
    ) -> Iterator[tuple[sa.Table, Sequence[tuple[Any, ...]]]]:
        """Yield the rows of the real database that the records are about."""
        if isinstance(self._target, CatalogDestination):
            if self._catalog_id is not None:
                yield from _items(real, self._catalog_id, records.frame["item_id"].to_list())
            return
        for start in range(0, records.frame.height, ASKED_AT_ONCE):
            some = replace(records, frame=records.frame[start : start + ASKED_AT_ONCE])
            owners = self._owners(real, some)
            yield customer_ids, owners
            numbers = sorted({row[3] for row in owners})
            yield customers, _rows(real, customers, customers.c.id.in_(numbers))
            if isinstance(self._target, EventDestination):
                times = some.frame["timestamp"].fill_null(self._context.started_at.timestamp())
                when = events.c.timestamp.in_(times.unique().to_list())
                yield events, _rows(real, events, events.c.customer_id.in_(numbers) & when)

    def _owners(self, real: Connection, records: Records) -> list[tuple[Any, ...]]:
        """Return whose the ids of the records are."""
        columns = customer_ids.c
        found: list[tuple[Any, ...]] = []
        for name in records.ids:
            values = records.frame[f"id.{name}"].drop_nulls().unique().to_list()
            mine = (columns.project_id == self._context.project_id) & (columns.id_type == name)
            found += _rows(real, customer_ids, mine & columns.id_value.in_(values))
        return found

    def _write_one(self, connection: Connection, one: Records) -> tuple[Tally, Sample]:
        """Write one record and look at what it is about, before and after."""
        keys = _keys(one)
        before = self._state(connection, keys)
        tally = self._destination.write(connection, one)
        sample = Sample(
            row=int(one.frame["row"][0]),
            outcome=next(name for name in ("created", "updated", "unchanged", "skipped")
                         if getattr(tally, name)),
            keys=keys,
            before=before,
            after=self._state(connection, keys) or one.frame["properties"][0],
        )  # fmt: skip
        return tally, sample

    def _state(self, connection: Connection, keys: Mapping[str, str]) -> str | None:
        """Return the properties of an item or a customer as they are; events have but their own."""
        match self._target:
            case EventDestination():
                return None
            case CatalogDestination():
                found = sa.select(_text(catalog_items.c.properties)).where(
                    catalog_items.c.item_id == keys["item_id"]
                )
            case _:
                name, value = next(iter(keys.items()))
                found = (
                    sa.select(_text(customers.c.properties))
                    .join(customer_ids, customer_ids.c.customer_id == customers.c.id)
                    .where(customer_ids.c.id_type == name, customer_ids.c.id_value == value)
                )
        state: str | None = connection.execute(found).scalars().first()
        return state


def _items(
    real: Connection, catalog_id: int, keys: Sequence[str]
) -> Iterator[tuple[sa.Table, Sequence[tuple[Any, ...]]]]:
    columns = catalog_items.c
    for start in range(0, len(keys), ASKED_AT_ONCE):
        some = columns.item_id.in_(keys[start : start + ASKED_AT_ONCE])
        yield catalog_items, _rows(real, catalog_items, (columns.catalog_id == catalog_id) & some)


def _rows(
    real: Connection, table: sa.Table, which: sa.ColumnElement[bool]
) -> list[tuple[Any, ...]]:
    """Return rows as they are stored: documents are texts, on either kind of database."""
    found = sa.select(*(_stored(column) for column in table.c)).where(which)
    return [tuple(row) for row in real.execute(found)]


def _stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    is_document = column.name in {"properties", "written_at"}
    return _text(column) if is_document else column


def _text(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    return sa.cast(column, sa.Text)


def _add(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add the rows that are not there: of the others some may have been written to since."""
    if not rows:
        return
    names = [column.name for column in table.c]
    places = ", ".join(f":{name}" for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    insert = f"INSERT OR IGNORE INTO {table.name} ({quoted}) VALUES ({places})"  # noqa: S608 - ours
    typed = sa.text(insert)
    if "created_at" in names:
        typed = typed.bindparams(sa.bindparam("created_at", type_=table.c["created_at"].type))
    connection.execute(typed, [dict(zip(names, row, strict=True)) for row in rows])


def _singly(records: Records, count: int) -> Iterator[Records]:
    for spot in range(min(count, records.frame.height)):
        yield replace(records, frame=records.frame[spot : spot + 1])


def _keys(one: Records) -> dict[str, str]:
    """Return the keys of a record, by name."""
    frame = one.frame
    names = [("item_id", "item_id"), *((name, f"id.{name}") for name in one.ids)]
    found = {name: frame[column][0] for name, column in names if column in frame.columns}
    return {name: value for name, value in found.items() if value is not None}
