"""Customers and their events, as their owner tells, reads and forgets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.audit import AuditAction, Change
from destinations import live, profiles
from destinations.base import LoadContext
from destinations.live import CustomerWrite, EventWrite
from destinations.profiles import Customer, Event
from importmgr.store.audit import AuditStore
from importmgr.store.database import Database
from importmgr.store.projects import Project
from importmgr.store.transactions import Transaction
from importmgr.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerExport:
    """All that is kept of one customer; an id of which there are several is a list."""

    ids: Mapping[str, str | Sequence[str]]
    properties: Mapping[str, Any]
    events: tuple[Event, ...]


class Customers:
    """The use cases around customers of one project; unknown ones raise `NotFoundError`."""

    def __init__(self, database: Database, *, audit: AuditStore, world: World) -> None:
        """Take the database and where changes are written down."""
        self._database = database
        self._audit = audit
        self._clock = world.clock
        self._identity = world.identity

    def upsert(
        self,
        project: Project,
        customer_ids: Mapping[str, str],
        properties: Mapping[str, Any],
        update_timestamp: float | None,
    ) -> None:
        """Find or make a customer and merge properties, as of then if a time is given."""
        write = CustomerWrite(ids=customer_ids, properties=properties, updated_at=update_timestamp)
        with self._database.writing() as transaction:
            live.write_customer(transaction, self._context(project), write)
            self._record(transaction, AuditAction.CUSTOMER_WRITTEN, project)

    def add_event(
        self,
        project: Project,
        customer_ids: Mapping[str, str],
        event_type: str,
        timestamp: float | None,
        properties: Mapping[str, Any],
    ) -> None:
        """Append an event to a customer, who is made if need be; without a time it is now."""
        write = EventWrite(
            ids=customer_ids, type=event_type, timestamp=timestamp, properties=properties
        )
        with self._database.writing() as transaction:
            live.write_event(transaction, self._context(project), write)
            self._record(transaction, AuditAction.EVENT_WRITTEN, project, type=event_type)

    def export(self, project: Project, customer_ids: Mapping[str, str]) -> CustomerExport:
        """Return all that is kept of one customer."""
        with self._database.reading() as transaction:
            customer = profiles.get_customer(transaction, project.id, customer_ids)
            events = profiles.events_of(transaction, customer)
        return CustomerExport(
            ids=_shown_ids(customer), properties=customer.properties, events=events
        )

    def attributes(
        self,
        project: Project,
        customer_ids: Mapping[str, str],
        attributes: Iterable[Mapping[str, Any]],
    ) -> list[dict[str, Any]]:
        """Return an answer per attribute asked for, in that order."""
        with self._database.reading() as transaction:
            customer = profiles.get_customer(transaction, project.id, customer_ids)
        return [_attribute(customer, attribute) for attribute in attributes]

    def anonymize(self, project: Project, people: Sequence[Mapping[str, str]]) -> None:
        """Forget customers with all that is kept of them; unknown ones are no error."""
        with self._database.writing() as transaction:
            profiles.anonymize(transaction, project.id, people)
            self._record(
                transaction, AuditAction.CUSTOMERS_FORGOTTEN, project, asked_for=len(people)
            )

    def count(self, project: Project) -> int:
        """Return how many customers the project has."""
        with self._database.reading() as transaction:
            return profiles.count_customers(transaction, project.id)

    def _record(
        self,
        transaction: Transaction,
        action: AuditAction,
        project: Project,
        **after: str | int,
    ) -> None:
        """Write down a change, without who it was about."""
        change = Change(action=action, project_id=project.id, after=after)
        self._audit.record(transaction, change)

    def _context(self, project: Project) -> LoadContext:
        """Return a context of its own for a single write."""
        return LoadContext(
            project_id=project.id, run_id=self._identity.hex24(), started_at=self._clock.now()
        )


def _shown_ids(customer: Customer) -> dict[str, str | Sequence[str]]:
    """Show the one value of an id, or all where there are several."""
    return {
        kind: values[0] if len(values) == 1 else values for kind, values in customer.ids.items()
    }


def _attribute(customer: Customer, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one question about a customer."""
    match asked:
        case {"type": "property", "property": str(name)}:
            return {"success": True, "value": customer.properties.get(name)}
        case {"type": "id", "id": str(name)}:
            return {"success": True, "value": _shown_ids(customer).get(name)}
        case _:
            kind = asked.get("type")
            text = f"ask for a property by name or for an id by name, not for {kind!r}"
            return {"success": False, "errors": [text]}
