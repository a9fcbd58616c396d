"""What is known of one customer, as the HTTP API reads and removes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from definitions.errors import NotFoundError
from definitions.keytext import trimmed
from destinations.bulk import bulk_for
from destinations.locks import customers_lock
from destinations.tables import customer_ids, customers, events
from destinations.texts import is_storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer: ids by their type, each with at least one value, and properties."""

    id: int
    ids: Mapping[str, Sequence[str]]
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a customer did; `timestamp` in epoch seconds."""

    type: str
    timestamp: float
    properties: Mapping[str, Any]


def get_customer(connection: Connection, project_id: int, ids: Mapping[str, str]) -> Customer:
    """Return the customer whom the first known of the ids belongs to; else `NotFoundError`."""
    number = _find(connection, project_id, ids)
    if number is None:
        msg = "there is no customer with any of these ids"
        raise NotFoundError(msg)
    properties = sa.select(customers.c.properties).where(customers.c.id == number)
    return Customer(
        id=number,
        ids=_ids_of(connection, number),
        properties=connection.execute(properties).scalar_one(),
    )


def events_of(connection: Connection, customer: Customer) -> tuple[Event, ...]:
    """Return all events of a customer in the order of time."""
    rows = connection.execute(
        sa.select(events.c.type, events.c.timestamp, events.c.properties)
        .where(events.c.customer_id == customer.id)
        .order_by(events.c.timestamp, events.c.id)
    )
    return tuple(Event(**row._asdict()) for row in rows)


def count_customers(connection: Connection, project_id: int) -> int:
    """Return how many customers a project has."""
    ours = sa.select(sa.func.count()).where(customers.c.project_id == project_id)
    return connection.execute(ours).scalar_one()


def anonymize(connection: Connection, project_id: int, people: Sequence[Mapping[str, str]]) -> int:
    """Forget customers with their ids, properties and events; return how many were known.

    A customer is found as by `get_customer`; nobody is missing who is not found.
    """
    bulk_for(connection).lock(connection, customers_lock(project_id))
    found = {_find(connection, project_id, ids) for ids in people} - {None}
    for number in found:
        connection.execute(sa.delete(events).where(events.c.customer_id == number))
        connection.execute(sa.delete(customer_ids).where(customer_ids.c.customer_id == number))
        connection.execute(sa.delete(customers).where(customers.c.id == number))
    return len(found)


def _find(connection: Connection, project_id: int, ids: Mapping[str, str]) -> int | None:
    """Return the number of the customer whom the first known of the ids belongs to."""
    for kind, value in ids.items():
        if not (is_storable(kind) and is_storable(value)):
            continue
        is_it = sa.and_(
            customer_ids.c.project_id == project_id,
            customer_ids.c.id_type == kind,
            customer_ids.c.id_value == trimmed(value),
        )
        owner = sa.select(customer_ids.c.customer_id).where(is_it)
        for number in connection.execute(owner).scalars():
            return int(number)
    return None


def _ids_of(connection: Connection, number: int) -> dict[str, list[str]]:
    """Return a customer's ids in order."""
    theirs = (
        sa.select(customer_ids.c.id_type, customer_ids.c.id_value)
        .where(customer_ids.c.customer_id == number)
        .order_by(customer_ids.c.id_type, customer_ids.c.id_value)
    )
    ids: dict[str, list[str]] = {}
    for kind, value in connection.execute(theirs):
        ids.setdefault(kind, []).append(value)
    return ids
