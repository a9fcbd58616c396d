"""Loads drawn by a seed: batches of a few rows that collide often, and what others order meanwhile.

```python
plan = draw(17)
for load in plan.loads:
    print(load.kind, [batch.read for batch in load.batches])
```
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from definitions.batches import Batch, Position
from definitions.faults import Fault, FaultCode
from definitions.model import CatalogDestination, CatalogType, ImportDefinition
from tests.unit.definitions.cases import CUSTOMERS, EVENTS, definition, prop

HEADER: Final = ("a", "b", "kind", "p", "q", "n", "t")
CATALOG: Final = CatalogDestination(
    name="Shop", type=CatalogType.GENERIC, associated_catalog_id=None
)
KINDS: Final = ("customers", "events", "catalogs")
CROWDED: Final = 0.25  # of all plans
OF_PEOPLE: Final = frozenset({"upsert", "add_event", "anonymize"})  # orders
MOST_ROWS: Final = 50  # of a batch
ODD: Final = 'K\\{}"\n\u00e9,{{'  # what keys look like in some plans
TIMES: Final = tuple(f"2026-01-0{day}T00:00:00Z" for day in range(1, 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One run; `timed` is whether its rows bring times of their own."""

    kind: str
    timed: bool
    batches: tuple[Batch, ...]
    taken_over: bool  # whether another executor takes it while it is under way
    stops: frozenset[int]  # before which batches it is stopped, once each

    @property
    def definition(self) -> ImportDefinition:
        """Return what is loaded into what."""
        values = [prop("p"), prop("q"), prop("n", target="number")]
        ids = {"a": "a", "b": "b"}
        if self.kind == "catalogs":
            return definition(CATALOG, properties=[prop("a", "item_id"), *values])
        if self.kind == "events":
            values.append(prop("kind", "event_type"))
            time = "t" if self.timed else None
            return definition(EVENTS, ids=ids, properties=values, timestamp=time)
        if self.timed:
            values.append(prop("t", "update_timestamp", target="datetime"))
        return definition(CUSTOMERS, ids=ids, properties=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks the services for: the name of a use case and what it is about."""

    what: str
    ids: dict[str, str]
    properties: dict[str, Any]
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Loads that run at once, what is ordered meanwhile, and how small the limits are."""

    seed: int
    loads: tuple[Load, ...]
    orders: tuple[Order, ...]
    limit: int  # of what is sampled, read on, packed and remembered at once
    room: int  # bytes for rejected rows of a run


@dataclass(frozen=True, slots=True)
class _Keys:
    """So many ids, and what they look like."""

    count: int
    form: str

    def name(self, number: int) -> str:
        return self.form.format(number)

    def any(self, rng: random.Random) -> str:
        return self.name(rng.randrange(self.count))


def draw(seed: int) -> Plan:
    """Return the plan of a seed, the same at every time."""
    rng = random.Random(seed)
    if rng.random() < CROWDED:
        return _crowded(seed, rng)
    count = rng.choice((3, 10, 40, 400))
    keys = _Keys(count, ODD if rng.random() < 0.2 else "k{}")
    kinds = [rng.choice(KINDS)] * 3 if rng.random() < 0.6 else [rng.choice(KINDS) for _ in range(3)]
    loads = tuple(
        _load(rng, kind, keys, (rng.randrange(1, 14), rng.choice((1, 5, MOST_ROWS))))
        for kind in kinds[: rng.choice((1, 1, 2, 2, 3))]
    )
    ordered = rng.choice((0, 0, 3, 10, 25))
    return Plan(
        seed=seed,
        loads=loads,
        orders=tuple(_order(rng, rng.choice(kinds), keys) for _ in range(ordered)),
        limit=rng.choice((1, 2, 5, 1000)),
        room=rng.choice((0, 2000, 1_000_000)),
    )


def _crowded(seed: int, rng: random.Random) -> Plan:
    """Return one of small batches of few people, who change all the time.

    What was foreseen of them is then often not so any more.
    """
    keys = _Keys(rng.choice((12, 30, 100)), "k{}")
    kind = rng.choice(("customers", "events"))
    return Plan(
        seed=seed,
        loads=(_load(rng, kind, keys, (25, 2)),),
        orders=tuple(_order(rng, "customers", keys) for _ in range(25)),
        limit=1000,
        room=0,
    )


def _load(rng: random.Random, kind: str, keys: _Keys, sizes: tuple[int, int]) -> Load:
    """Draw so many batches of so many rows at most."""
    count, most = sizes
    cell = _cells(rng, keys)
    return Load(
        kind=kind,
        timed=rng.random() < 0.5,
        batches=tuple(_batches(rng, cell, [rng.randrange(most + 1) for _ in range(count)])),
        taken_over=rng.random() < 0.2,
        stops=frozenset(number for number in range(count) if rng.random() < 0.03),
    )


def _cells(rng: random.Random, keys: _Keys) -> Callable[[str], str]:
    """Return what draws a cell of a column."""
    first, second = rng.choice(((0.9, 0.5), (1.0, 0.0), (0.5, 0.9), (0.98, 0.1)))
    rising = rng.random() < 0.3  # most keys are new
    numbers = iter(range(10**9))

    def key() -> str:
        return keys.name(next(numbers)) if rising and rng.random() < 0.8 else keys.any(rng)

    drawn: dict[str, Callable[[], str]] = {
        "a": lambda: key() if rng.random() < first else "",
        "b": lambda: key() if rng.random() < second else "",
        "kind": lambda: rng.choice(("visit", "visit", "buy")),
        "p": lambda: rng.choice(("", "x", "y", 'q"uo\\te', "tab\tand\nline")),
        "q": lambda: rng.choice(("", "1", "2")),
        "n": lambda: rng.choice(("", "0", "1", "1.5", "-0", "bad") if rng.random() < 0.2 else "01"),
        "t": lambda: rng.choice(("", *TIMES)),
    }
    return lambda column: drawn[column]()


def _batches(rng: random.Random, cell: Callable[[str], str], sizes: list[int]) -> Iterator[Batch]:
    row = 1
    lost = rng.choice((0.0, 0.05, 1.0))
    for number, size in enumerate(sizes, 1):
        rows = range(row, row + size)
        share = lost if rng.random() < 0.3 else min(lost, 0.1)
        malformed = {each for each in rows if rng.random() < share}
        kept = [each for each in rows if each not in malformed]
        frame = pl.DataFrame(
            {column: [cell(column) for _ in kept] for column in HEADER},
            schema=dict.fromkeys(HEADER, pl.String),
        )
        row += size
        yield Batch(
            frame=frame,
            rows=np.array(kept, np.int64),
            lines=2 * np.array(kept, np.int64),
            faults=tuple(map(_malformed, sorted(malformed))),
            end=Position(byte=number, row=row, line=2 * row),
        )


def _malformed(row: int) -> Fault:
    return Fault(
        file="f",
        row=row,
        line=2 * row,
        column=None,
        value="x",
        code=FaultCode.TOO_FEW_FIELDS,
        message="is too short",
        rejects_row=True,
    )


def _order(rng: random.Random, kind: str, keys: _Keys) -> Order:
    names = {
        "customers": ("upsert", "upsert", "upsert", "anonymize"),
        "events": ("add_event", "add_event", "upsert", "anonymize"),
        "catalogs": ("merge_item", "put_item", "merge_item", "put_item", "delete_item",
                     "delete_item", "replace", "replace", "delete_items", "delete"),
    }  # fmt: skip
    ids = {"a": keys.any(rng)}
    if kind != "catalogs" and rng.random() < 0.5:
        ids["b"] = keys.any(rng)
    return Order(
        what=rng.choice(names[kind]),
        ids=ids,
        properties={rng.choice("pqr"): rng.choice(("x", "1", 2))},
        at=1_767_225_600.0 + 86_400 * rng.randrange(5) if rng.random() < 0.5 else None,
    )
