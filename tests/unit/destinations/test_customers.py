from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from definitions.batches import Tally
from destinations.customers import Customers
from destinations.tables import customers
from tests.loading import (
    NOW,
    STARTED_AT,
    CustomerRow,
    context,
    customer_records,
    load,
    stored_customers,
)

PROJECTS = itertools.count(1000)
NAMES = ("a", "b", "c")


@dataclass
class Person:
    """A customer as the oracle remembers it."""

    ids: set[tuple[str, str]]
    properties: dict[str, Any] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)


class Oracle:
    """The rule, as slowly and plainly as it can be written down."""

    def __init__(self, *, timed: bool) -> None:
        self.people: list[Person] = []
        self.timed = timed
        self.ends = {"created": 0, "updated": 0, "unchanged": 0}

    def write(self, row: CustomerRow) -> None:
        ids = [(name, row.ids[name]) for name in NAMES if row.ids.get(name) is not None]
        person = next((found for key in ids if (found := self._owner(key))), None)
        is_new = person is None
        if person is None:
            person = Person(ids=set())
            self.people.append(person)
        before = (set(person.ids), json.dumps(person.properties), dict(person.times))
        person.ids |= {(name, str(value)) for name, value in ids if not self._owner((name, value))}
        for name, value in row.properties.items():
            self._set(person, name, value, row.at)
        changed = before != (person.ids, json.dumps(person.properties), person.times)
        self.ends["created" if is_new else "updated" if changed else "unchanged"] += 1

    def _owner(self, key: tuple[str, str | None]) -> Person | None:
        return next((person for person in self.people if key in person.ids), None)

    def _set(self, person: Person, name: str, value: object, at: float | None) -> None:
        if at is not None and person.times.get(name, at) > at:
            return
        person.properties[name] = value
        if at is not None:
            person.times[name] = at
        elif self.timed or name in person.times:
            person.times[name] = NOW


def stored(engine: Engine, project_id: int) -> list[Any]:
    return [
        (ids, _text(json.loads(properties)), json.loads(times) if times else {})
        for ids, properties, times in stored_customers(engine, project_id)
    ]


def expected(oracle: Oracle) -> list[Any]:
    people = [(sorted(p.ids), _text(p.properties), p.times) for p in oracle.people]
    return sorted(people, key=lambda person: person[0])


def _text(value: object) -> str:
    """Tell true from 1, which Python's == does not."""
    return json.dumps(value, sort_keys=True)


values = st.sampled_from([1, 2, "x", True, False, None, [1, 2], [2, 1], {"k": 1}, {"k": None}, 1.5])
times = st.none() | st.sampled_from([5.0, 7.0, 7.25, NOW - 1, NOW + 10])
some_ids = st.dictionaries(st.sampled_from(NAMES), st.sampled_from("123"), min_size=1)
rows = st.builds(
    CustomerRow,
    ids=some_ids,
    properties=st.dictionaries(st.sampled_from("pqr"), values, max_size=3),
    at=times,
)


def in_batches(rows: Sequence[CustomerRow], cuts: Sequence[int]) -> list[Sequence[CustomerRow]]:
    edges = [0, *sorted(cut % (len(rows) + 1) for cut in cuts), len(rows)]
    return [rows[a:b] for a, b in itertools.pairwise(edges) if a < b]


ON_BOTH = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ON_BOTH
@given(
    rows=st.lists(rows, min_size=1, max_size=12),
    cuts=st.lists(st.integers(0, 50), max_size=4),
    timed=st.booleans(),
)
def test_any_rows_in_any_batches_end_as_the_rule_says(
    engine: Engine, rows: list[CustomerRow], cuts: list[int], timed: bool
) -> None:
    project_id = next(PROJECTS)
    customers = Customers(context=context(project_id), timed=timed)
    oracle = Oracle(timed=timed)
    for row in rows:
        oracle.write(row)

    batches = [customer_records(part, names=NAMES) for part in in_batches(rows, cuts)]
    tally = load(engine, customers, *batches)

    assert stored(engine, project_id) == expected(oracle)
    assert tally == Tally(read=len(rows), **oracle.ends)


@ON_BOTH
@given(rows=st.lists(rows, min_size=1, max_size=10), cuts=st.lists(st.integers(0, 50), max_size=4))
def test_one_batch_and_many_leave_the_same_bytes(
    engine: Engine, rows: list[CustomerRow], cuts: list[int]
) -> None:
    one, many = next(PROJECTS), next(PROJECTS)

    load(engine, Customers(context=context(one), timed=True), customer_records(rows, names=NAMES))
    parts = [customer_records(part, names=NAMES) for part in in_batches(rows, cuts)]
    load(engine, Customers(context=context(many), timed=True), *parts)

    assert stored_customers(engine, one) == stored_customers(engine, many)


@ON_BOTH
@given(before=st.lists(rows, max_size=5), rows=st.lists(rows, min_size=1, max_size=8))
def test_a_batch_loaded_again_changes_nothing(
    engine: Engine, before: list[CustomerRow], rows: list[CustomerRow]
) -> None:
    project_id = next(PROJECTS)
    customers = Customers(context=context(project_id), timed=True)
    records = customer_records(rows, names=NAMES)
    load(engine, customers, customer_records(before, names=NAMES), records)
    first = stored_customers(engine, project_id)

    tally = load(engine, customers, records)

    assert stored_customers(engine, project_id) == first
    assert tally.created == 0


@pytest.mark.parametrize(
    ("stored_value", "written_value", "ends"),
    [
        ([1, 2], [1], "updated"),
        ([1, 2], [2, 1], "updated"),
        ({"a": 1, "b": 2}, {"a": 1}, "updated"),
        ({"b": 2, "a": 1}, {"a": 1, "b": 2}, "unchanged"),
        (1, True, "updated"),
        (1, 1.0, "unchanged"),
        ("1", 1, "updated"),
        (None, None, "unchanged"),
        (1, None, "updated"),
    ],
)
def test_values_are_compared_as_a_whole(
    engine: Engine, stored_value: object, written_value: object, ends: str
) -> None:
    customers = Customers(context=context(), timed=False)
    rows = [
        CustomerRow(ids={"a": "1"}, properties={"p": value})
        for value in (stored_value, written_value)
    ]
    load(engine, customers, customer_records(rows[:1]))

    tally = load(engine, customers, customer_records(rows[1:]))

    assert tally == Tally(read=1, **{ends: 1})


def test_numbers_keep_their_digits_through_a_merge(engine: Engine) -> None:
    long = "12345678901234567890.12345678901234567890"
    first = customer_records([CustomerRow(ids={"a": "1"})])
    first = replace(
        first, frame=first.frame.with_columns(properties=pl.lit(f'{{"n":{long},"x":1.50}}'))
    )
    second = customer_records([CustomerRow(ids={"a": "1"}, properties={"y": 2})] * 2)

    load(engine, Customers(context=context(), timed=False), first, second)

    [(_, properties, _)] = stored_customers(engine, 1)
    assert properties.replace(" ", "") == f'{{"n":{long},"x":1.50,"y":2}}'


def test_an_id_of_somebody_else_stays_there(engine: Engine) -> None:
    rows = [
        CustomerRow(ids={"a": "1"}),
        CustomerRow(ids={"b": "2"}),
        CustomerRow(ids={"a": "1", "b": "2"}, properties={"p": 1}),
    ]

    load(engine, Customers(context=context(), timed=False), customer_records(rows))

    assert stored(engine, 1) == [
        ([("a", "1")], '{"p": 1}', {}),
        ([("b", "2")], "{}", {}),
    ]


def test_customers_of_two_projects_are_strangers(engine: Engine) -> None:
    records = customer_records([CustomerRow(ids={"a": "1"})])

    load(engine, Customers(context=context(1), timed=False), records)
    tally = load(engine, Customers(context=context(2), timed=False), records)

    assert tally.created == 1


def test_two_sessions_that_bring_the_same_customers_make_each_once(engine: Engine) -> None:
    """Both go through the ids in opposite order, which is what deadlocks are made of."""
    rows = [CustomerRow(ids={"a": str(n), "b": str(n)}, properties={"n": n}) for n in range(300)]
    orders = [rows, rows[::-1]]

    def work(order: list[CustomerRow]) -> Tally:
        customers = Customers(context=context(), timed=False)
        batches = [customer_records(order[at : at + 50]) for at in range(0, len(order), 50)]
        return load(engine, customers, *batches)

    with ThreadPoolExecutor(2) as pool:
        tallies = list(pool.map(work, orders))

    assert len(stored_customers(engine, 1)) == 300
    assert sum(tallies, Tally()) == Tally(read=600, created=300, unchanged=300)


MOMENTS = st.sampled_from([None, 1.0, NOW - 1, NOW, NOW + 1])
WRITES = st.tuples(
    st.sampled_from(["timed", "untimed", "live"]),
    st.builds(
        CustomerRow,
        ids=st.just({"a": "1"}),
        properties=st.dictionaries(st.sampled_from("pq"), st.integers(1, 2), max_size=2),
        at=MOMENTS,
    ),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(WRITES, min_size=1, max_size=10))
def test_hashes_change_nothing_but_the_work(
    engine: Engine, writes: list[tuple[str, CustomerRow]]
) -> None:
    """Two customers take the same writes; of one, every hash is forgotten before each."""
    hashed, forgetful = context(next(PROJECTS)), context(next(PROJECTS))
    for later, (how, row) in enumerate(writes):
        ends = []
        for who in (hashed, forgetful):
            run = replace(who, started_at=STARTED_AT + timedelta(seconds=later))
            if who is forgetful:
                _forget_hashes(engine, who.project_id)
            rows = replace(row, at=None if how == "untimed" else row.at)
            writer = Customers(context=run, timed=how == "timed")
            ends.append(load(engine, writer, customer_records([rows])))
        assert ends[0] == ends[1]

    kept, fresh = (stored_customers(engine, who.project_id) for who in (hashed, forgetful))
    assert kept == fresh


def _forget_hashes(engine: Engine, project_id: int) -> None:
    forget = sa.update(customers).values(import_hash=None)
    with engine.begin() as connection:
        connection.execute(forget.where(customers.c.project_id == project_id))


def test_a_customer_that_was_loaded_before_is_recognised_by_its_hash(engine: Engine) -> None:
    """What is stored is not even looked at."""
    people = Customers(context=context(), timed=False)
    rows = customer_records([CustomerRow(ids={"a": "1"}, properties={"p": 1})])
    load(engine, people, rows)
    with engine.begin() as connection:
        true = connection.execute(sa.select(customers.c.import_hash)).scalar_one()
        connection.execute(sa.update(customers).values(properties={}, import_hash=0))
        connection.execute(sa.update(customers).values(import_hash=true))  # no writer does this

    assert load(engine, people, rows) == Tally(read=1, unchanged=1)
    assert stored_customers(engine, 1) == [([("a", "1")], "{}", None)]
