"""Which customer a row is about: found by the first of its ids that belongs to somebody, else new.

Ids of the row that belong to nobody become the customer's. One that belongs to somebody else stays
there: a row never joins two customers.

The ids of a batch are gathered without the database (`gather`): each of them once, in the order of
their index, and for every row the places of its ids among them. From then on ids are numbers. Whose
they are can be looked up while another batch is being written (`foresee`).
"""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.ma  # polars would in some thread, and NumPy cannot in two at once
import polars as pl
from sqlalchemy import Connection

from definitions.arrays import Mask, Numbers
from definitions.batches import Records
from destinations.bulk import NOBODY, Bulk, Connect, Foreseen, Ready
from destinations.lanes import Turn
from destinations.locks import customers_lock
from destinations.memory import IdMemory
from destinations.tables import customer_ids, customers, events

ABSENT: Final = -1  # the place of an id that a row does not have
WRITTEN: Final = (customers.name, customer_ids.name, events.name)  # perhaps, by whom finds owners


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ids:
    """The ids of some rows.

    `keys` has `id_type` and `id_value` of each id once. `places` are, per type of id, those of the
    rows' ids among the keys. `ready` are the keys as `Bulk.known_customers` takes them, `foreseen`
    is whose they were when somebody looked.
    """

    keys: pl.DataFrame
    places: tuple[Numbers, ...]
    ready: Ready
    foreseen: Foreseen | None = None

    @property
    def owners(self) -> Numbers | None:
        """Return the customer of every row, as far as the ids were foreseen to be somebody's."""
        if self.foreseen is None:
            return None
        owners = np.full(len(self.places[0]), NOBODY, np.int64)
        for places in self.places:
            found = np.where(places == ABSENT, NOBODY, self.foreseen.customers[places])
            owners = np.where(owners == NOBODY, found, owners)
        return owners

    @property
    def all_are_known(self) -> bool:
        """Tell whether each of the ids was foreseen to be somebody's."""
        return self.foreseen is not None and bool((self.foreseen.customers != NOBODY).all())

    @property
    def touched(self) -> Numbers | None:
        """Return whose the ids were foreseen to be, and numbers for those that are nobody's."""
        if self.foreseen is None:
            return None
        known = self.foreseen.customers[self.foreseen.customers != NOBODY]
        return np.concatenate((known, self.foreseen.unknown))

    def are_as_foreseen(self, known: Numbers) -> bool:
        """Tell whether that is whose the ids are."""
        return self.foreseen is not None and np.array_equal(self.foreseen.customers, known)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Owners:
    """The customers of some rows.

    Row by row: the customer's number, whether the row is `fresh` (the first of a new customer), and
    whether it is `linked` (it gave an id to a customer that was there). The ids are stored; the new
    customers are not.
    """

    numbers: Numbers
    fresh: Mask
    linked: Mask

    @property
    def frame(self) -> pl.DataFrame:
        """Return `customer_id`, `fresh` and `linked` as columns."""
        columns = {"customer_id": self.numbers, "fresh": self.fresh, "linked": self.linked}
        return pl.DataFrame(columns)


def gather(bulk: Bulk, records: Records) -> Ids:
    """Return the ids of the rows; the database is not asked."""
    keys: list[pl.DataFrame] = []
    places: list[Numbers] = []
    count = 0
    names = sorted(records.ids)  # the order of the index
    for name in names:
        values, found = _distinct(records.frame[f"id.{name}"])
        keys.append(pl.select(pl.lit(name).alias("id_type"), values.alias("id_value")))
        places.append(np.where(found == ABSENT, ABSENT, found + count))
        count += values.len()
    in_order = [places[names.index(name)] for name in records.ids]
    all_keys = pl.concat(keys)
    return Ids(keys=all_keys, places=tuple(in_order), ready=bulk.prepare_ids(all_keys))


def foresee(bulk: Bulk, connect: Connect, project_id: int, ids: Ids, memory: IdMemory) -> Ids:
    """Return the ids with whose they are, as far as that can be told before they are written.

    `memory` is the run's own.
    """
    seen = bulk.foresee_customers(connect, project_id, ids.ready, memory)
    return replace(ids, foreseen=seen)


def _distinct(values: pl.Series) -> tuple[pl.Series, Numbers]:
    """Return each text once, ascending, and where among these each of the values is."""
    order = values.arg_sort(nulls_last=True)
    ordered = values.gather(order)
    begins = (ordered != ordered.shift()).fill_null(value=True) & ordered.is_not_null()
    places = np.empty(len(values), np.int64)
    places[order.to_numpy()] = np.where(
        ordered.is_null().to_numpy(), ABSENT, np.cumsum(begins.to_numpy()) - 1
    )
    return ordered.filter(begins), places


class Place(NamedTuple):
    """Where owners are looked for: a project, in the transaction of a batch, at its `turn`.

    `memory` is the run's own.
    """

    bulk: Bulk
    connection: Connection
    project_id: int
    memory: IdMemory
    turn: Turn

    def known(self, ids: Ids) -> Numbers:
        """Return whose each of the ids is, `NOBODY` if nobody's.

        A batch was let in beside another for what was foreseen of it. Should it be otherwise, the
        other one is waited for.
        """
        known = self._known(ids, ids.foreseen)
        if self.turn.is_beside and not ids.are_as_foreseen(known):
            self.turn.await_ahead()
            known = self._known(ids, None)
        return known

    def _known(self, ids: Ids, foreseen: Foreseen | None) -> Numbers:
        return self.bulk.known_customers(
            self.connection, self.project_id, ids.ready, foreseen, self.memory.all_new
        )


def find_owners(place: Place, ids: Ids) -> Owners:
    """Find or number the customer of every row and store the ids that are new.

    Take the project's lock first, so that no id is given twice; it is held until the transaction
    ends, and the caller makes the customers that are new.
    """
    bulk, connection, project_id, memory, turn = place
    turn.take(connection, customers_lock(project_id), *WRITTEN)
    while True:  # at most twice: see `Bulk.add_customer_ids`
        known = place.known(ids)
        owners, of_keys = _numbered(bulk, connection, ids, known)
        added = np.flatnonzero((known == NOBODY) & (of_keys != NOBODY))
        owned = ids.keys[added].with_columns(customer_id=pl.Series(of_keys[added]))
        if not added.size or bulk.add_customer_ids(connection, project_id, owned, memory):
            turn.open(as_foreseen=ids.are_as_foreseen(known))
            return owners


def _numbered(
    bulk: Bulk, connection: Connection, ids: Ids, known: Numbers
) -> tuple[Owners, Numbers]:
    """Assign the rows, and number their new customers; return the owners of the keys as well."""
    assign = _assign_by_one if len(ids.places) == 1 else _assign_in_order
    owners, of_keys = assign(ids, known)
    new = int(owners.fresh.sum())
    if not new:
        return owners, of_keys
    given = np.array(bulk.new_customer_ids(connection, new), np.int64)
    numbers = _given(owners.numbers, given)
    return Owners(numbers=numbers, fresh=owners.fresh, linked=owners.linked), _given(of_keys, given)


def _assign_by_one(ids: Ids, known: Numbers) -> tuple[Owners, Numbers]:
    """Assign rows that have one id each, all at once; return the owners of the keys as well.

    New customers are numbered -1, -2, … in the order of their first rows; `NOBODY` is 0.
    """
    [places] = ids.places
    firsts = np.full(len(known), len(places))
    np.minimum.at(firsts, places, np.arange(len(places)))
    new = np.flatnonzero(known == NOBODY)
    new = new[np.argsort(firsts[new])]
    of_keys = known.copy()
    of_keys[new] = -1 - np.arange(len(new))
    fresh = np.zeros(len(places), np.bool_)
    fresh[firsts[new]] = True
    owners = Owners(numbers=of_keys[places], fresh=fresh, linked=np.zeros_like(fresh))
    return owners, of_keys


def _assign_in_order(ids: Ids, known: Numbers) -> tuple[Owners, Numbers]:
    """Assign rows that may have several ids, one by one; return the owners of the keys as well.

    What a row finds depends on the ids that the rows before it brought, and chains of such rows
    can be as long as the batch: no fixed number of steps would do. The loop touches numbers only.
    """
    of_keys = known.tolist()
    new = 0
    assigned: list[tuple[int, bool, bool]] = []
    for places in zip(*(column.tolist() for column in ids.places), strict=True):
        own = [place for place in places if place != ABSENT]
        owner = next((of_keys[place] for place in own if of_keys[place] != NOBODY), NOBODY)
        fresh = owner == NOBODY
        if fresh:
            new += 1
            owner = -new
        linked = not fresh and any(of_keys[place] == NOBODY for place in own)
        for place in own:
            of_keys[place] = of_keys[place] or owner
        assigned.append((owner, fresh, linked))
    numbers, fresh_rows, linked_rows = zip(*assigned, strict=True) if assigned else ((), (), ())
    owners = Owners(
        numbers=np.array(numbers, np.int64),
        fresh=np.array(fresh_rows, np.bool_),
        linked=np.array(linked_rows, np.bool_),
    )
    return owners, np.array(of_keys, np.int64)


def _given(numbers: Numbers, given: Numbers) -> Numbers:
    """Put real numbers in the place of the negative ones."""
    negative = numbers < 0
    numbers = numbers.copy()
    numbers[negative] = given[-1 - numbers[negative]]
    return numbers
