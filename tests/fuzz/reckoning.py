"""What loads and orders leave, reckoned row by row with dictionaries: no batches, no lanes, no SQL.

It follows the order in which the database says that they were committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from definitions.batches import Records, Tally
from destinations.merging import dump_json
from tests.fuzz.loads import Load, Order

Props = dict[str, Any]


def read_json(text: str) -> Any:  # noqa: ANN401 - JSON
    """Read JSON without rounding a number."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@dataclass(eq=False)
class Person:
    """A customer; `times` are those of the last timed writes, None while there was none."""

    ids: set[tuple[str, str]] = field(default_factory=set)
    properties: Props = field(default_factory=dict)
    times: dict[str, float] | None = None
    events: list[tuple[Any, ...]] = field(default_factory=list)
    keys: set[tuple[Any, ...]] = field(default_factory=set)


@dataclass
class Reckoning:
    """A project: its customers by their ids, the items of its catalogs by the catalog's number."""

    now: float
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    items: dict[int, dict[str, Props]] = field(default_factory=dict)

    def load(self, load: Load, records: Records, run: str, place: int) -> Tally:
        """Load the records of a batch; return how its rows ended."""
        names = [f"id.{name}" for name in records.ids]
        counts = dict.fromkeys(("created", "updated", "unchanged", "skipped"), 0)
        for row in records.frame.iter_rows(named=True):
            ids = {name[3:]: row[name] for name in names if row[name] is not None}
            written = read_json(row["properties"])
            if load.kind == "catalogs":
                ended = self.item(place, row["item_id"], written)
            elif load.kind == "customers":
                ended = self.customer(ids, written, row["updated_at"], stamps=load.timed)
            else:
                at = row["timestamp"]
                shown = (row["event_type"], row["properties"])
                ended = self.event(ids, at, shown, shown if at is not None else (run, row["row"]))
            counts[ended] += 1
        return Tally(read=records.frame.height, **counts)

    def order(self, order: Order, place: int) -> None:
        """Do what was ordered."""
        written = read_json(json.dumps(order.properties))
        match order.what:
            case "upsert":
                self.customer(order.ids, written, order.at, stamps=False)
            case "add_event":
                shown = ("visit", dump_json(order.properties))
                self.event(order.ids, order.at, shown, (id(order),) if order.at is None else shown)
            case "anonymize":
                self._forget(order.ids)
            case "merge_item":
                self.item(place, order.ids["a"], written)
            case "put_item":
                self._catalog(place)[order.ids["a"]] = written
            case "delete_item":
                del self._catalog(place)[order.ids["a"]]
            case "delete_items" | "delete":
                self.items[place] = {}
            case _:  # it changes no data
                pass

    def customer(
        self, ids: Mapping[str, str], written: Props, at: float | None, *, stamps: bool
    ) -> str:
        """Merge a customer; return how the row ended."""
        person, ended = self._person(ids)
        before = (dict(person.properties), person.times and dict(person.times))
        _merge(person, written, at, now=self.now, stamps=stamps)
        if ended == "unchanged" and before != (person.properties, person.times):
            return "updated"
        return ended

    def event(
        self, ids: Mapping[str, str], at: float | None, shown: tuple[str, str], key: tuple[Any, ...]
    ) -> str:
        """Append an event, unless it is there; return how the row ended."""
        person, _ = self._person(ids)
        when = self.now if at is None else at
        if (when, *key) in person.keys:
            return "skipped"
        person.keys.add((when, *key))
        person.events.append((when, *shown))
        return "created"

    def item(self, place: int, key: str, written: Props) -> str:
        """Merge an item; return how the row ended."""
        catalog = self._catalog(place)
        if key not in catalog:
            catalog[key] = dict(written)
            return "created"
        before = dict(catalog[key])
        catalog[key].update(written)
        return "unchanged" if before == catalog[key] else "updated"

    def _catalog(self, place: int) -> dict[str, Props]:
        return self.items.setdefault(place, {})

    def _person(self, ids: Mapping[str, str]) -> tuple[Person, str]:
        """Return whom the first known id belongs to, who gets those of nobody."""
        keys = list(ids.items())
        known = [self.people[key] for key in keys if key in self.people]
        person = known[0] if known else Person()
        new = {key for key in keys if key not in self.people}
        person.ids |= new
        self.people.update(dict.fromkeys(new, person))
        return person, "created" if not known else "updated" if new else "unchanged"

    def _forget(self, ids: Mapping[str, str]) -> None:
        person = next((self.people[key] for key in ids.items() if key in self.people), None)
        for key in set() if person is None else person.ids:
            del self.people[key]

    def everybody(self) -> Iterable[Person]:
        """Return every customer once."""
        return {id(person): person for person in self.people.values()}.values()


def _merge(person: Person, written: Props, at: float | None, *, now: float, stamps: bool) -> None:
    times = person.times or {}
    if at is not None:
        written = {k: v for k, v in written.items() if k not in times or times[k] <= at}
        left = dict.fromkeys(written, at)
    else:
        left = {k: now for k in written if stamps or k in times}
    person.properties |= written
    if left:
        person.times = times | left
