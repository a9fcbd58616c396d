"""The fastest way each database engine takes a batch; the only rooms that know an engine.

Every method works inside the transaction of the connection it is given and takes rows in file
order: where two touch the same thing, the later one finds what the earlier one left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeAlias

from sqlalchemy import Connection, Engine

if TYPE_CHECKING:
    import polars as pl

    from definitions.arrays import Numbers
    from destinations.memory import IdMemory

ALGORITHM_BITS: Final = 255  # the part of a hash that says by which algorithm it was made
NOBODY: Final = 0  # no customer has this number

Connect: TypeAlias = Callable[[], AbstractContextManager[Connection]]  # to read, beside a writer
Ready: TypeAlias = Any  # rows as one room takes them fastest; no other ever sees it
Values: TypeAlias = tuple[str | int | bool | bytes | None, ...]

_ROOMS = {
    "postgresql": "destinations.bulk.postgresql.room:PostgresqlBulk",
    "sqlite": "destinations.bulk.sqlite.room:SqliteBulk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """How many rows made something new, and how many changed something."""

    created: int
    updated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTerms:
    """In which project and when customers are written; for `stamps` see `destinations.merging`."""

    project_id: int
    started_at: datetime
    stamps: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foreseen:
    """Whose ids were before their batch was written; it holds for one count of `changes`.

    `NOBODY` may be somebody since, or may have been taken for nobody without a look. `unknown` are
    numbers of these ids by which one can be told from another.
    """

    changes: int
    customers: Numbers
    unknown: Numbers


class AllNewSoFar:
    """Whether all is new that a run copied without a full look-up: it `holds` until some is not."""

    def __init__(self) -> None:
        """Take everything for new."""
        self.holds = True


class Sides(Protocol):
    """A lock's two sides, for two transactions of one run that write at once."""

    def enter(self, connection: Connection, name: str) -> None:
        """Wait for the lock as `Bulk.lock` does, then hold side 0 and let side 1 be taken."""

    def join(self, connection: Connection, name: str, side: int) -> bool:
        """Hold a side while the run's other transaction holds the other; never wait.

        Return False if somebody else waits for the lock.
        """

    def reserve(self, connection: Connection, tables: Sequence[str]) -> None:
        """Let nobody change how these tables are made until the transaction ends."""


class Bulk(Protocol):
    """What a destination needs from an engine.

    It has `sides` if two transactions may write at once. A transaction has up to `span` batches.
    """

    sides: ClassVar[Sides | None]
    span: ClassVar[int]

    def begin_batch(self, connection: Connection, run_id: str, token: int) -> None:
        """Let the transaction commit lazily, and label it as the run's; nothing on SQLite.

        A power cut may lose a lazy commit, with those behind it; a later commit that is not lazy
        covers all before it. By the label it can be ended when its owner froze. Both are one
        statement.
        """

    def add_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Values]
    ) -> None:
        """Add rows of plain values, none of which is there."""

    def lock(self, connection: Connection, name: str) -> None:
        """Wait until no other transaction holds the lock, then hold it until this one ends."""

    def prepare_items(self, catalog_id: int, items: pl.DataFrame) -> Ready:
        """Make `item_id`, `properties`, `import_hash` ready for `merge_items`."""

    def merge_items(
        self, connection: Connection, catalog_id: int, items: Ready, all_new: AllNewSoFar
    ) -> Merged:
        """Merge items into a catalog whose lock is held."""

    def prepare_ids(self, ids: pl.DataFrame) -> Ready:
        """Make `id_type`, `id_value` ready for `known_customers`."""

    def foresee_customers(
        self, connect: Connect, project_id: int, ids: Ready, memory: IdMemory
    ) -> Foreseen | None:
        """Look up whose ids are while another batch is being written; None if that is no use.

        Nobody's lock is held: `known_customers` judges what of it still holds.
        """

    def known_customers(
        self,
        connection: Connection,
        project_id: int,
        ids: Ready,
        foreseen: Foreseen | None,
        all_new: AllNewSoFar,
    ) -> Numbers:
        """Return whose each of the ids is, in their order: a customer's number, or `NOBODY`.

        The project's lock is held. `NOBODY` may be a guess, which `add_customer_ids` checks.
        """

    def new_customer_ids(self, connection: Connection, count: int) -> list[int]:
        """Return as many numbers that no customer has, ascending."""

    def add_customer_ids(
        self, connection: Connection, project_id: int, ids: pl.DataFrame, memory: IdMemory
    ) -> bool:
        """Give `id_type`, `id_value`, which were nobody's, to `customer_id`.

        Return False, with nothing given, if one of them is somebody's after all; `known_customers`
        then guesses no more.
        """

    def merge_customers(
        self, connection: Connection, terms: CustomerTerms, rows: pl.DataFrame
    ) -> Merged:
        """Merge `properties`, written at `updated_at`, of `import_hash`, into `customer_id`.

        `fresh` rows make their customer. Rows with `linked` count as updates, whatever they change.
        """

    def prepare_events(
        self, events: pl.DataFrame, project_id: int, customers: Numbers | None
    ) -> Ready:
        """Make events ready for `append_events`: their columns but for project and customer.

        `customers` are whose they will be, if that is foreseen.
        """

    def append_events(
        self,
        connection: Connection,
        project_id: int,
        customers: Numbers,
        events: Ready,
        all_new: AllNewSoFar,
    ) -> int:
        """Add the events, each of its customer, that are not there yet; return how many."""


def bulk_for(connection: Connection | Engine) -> Bulk:
    """Return the room of the engine."""
    module, _, name = _ROOMS[connection.dialect.name].partition(":")
    bulk: Bulk = getattr(import_module(module), name)()
    return bulk
