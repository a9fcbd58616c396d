"""What the API answers, as values; `document` is the answer's part as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from definitions.lifecycle import TERMINAL, RunState

Document: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An import definition; `document` may be sent to `create` unchanged."""

    id: str
    document: Document
    freshness: Document | None = None

    @property
    def name(self) -> str:
        """Return what its owner calls it."""
        return str(self.document["name"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new definition, and what its owner should know about it."""

    id: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRun:
    """An instant at which a schedule fires: epoch seconds, and what its zone's clock shows.

    `note` is `gap`, `repeat`, `month_end` or None.
    """

    at: int
    local: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a definition fires next, if it is `active`: else it would fire then."""

    active: bool
    next_runs: tuple[NextRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the service decided about a definition by itself: `text` is a sentence.

    `at` is in epoch seconds; `facts` are what it was decided from.
    """

    at: float
    code: str
    text: str
    facts: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A connection to a file storage; `document` may be sent to `create` unchanged."""

    id: str
    document: Document

    @property
    def name(self) -> str:
        """Return what its owner calls it."""
        return str(self.document["name"])

    @property
    def kind(self) -> str:
        """Return of which kind its storage is."""
        return str(self.document["kind"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageReport:
    """What a test of an integration found; `trouble` is None if all is well."""

    trouble: str | None
    error: str | None
    connect_ms: float | None
    list_ms: float | None
    files: int | None
    clock_skew: float | None
    write_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFault:
    """A cell or a row that could not be used, and where it is."""

    file: str
    row: int
    line: int
    column: str | None
    value: str | None
    code: str
    message: str
    row_rejected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCounts:
    """How the rows of one file of a run ended."""

    rows_read: int
    rows_created: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int
    rows_skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stood when it was asked about; `faults` are the first 100 of `fault_count`.

    `files` tells of every file opened how it was read, `file_rows` how its rows ended.
    """

    id: str
    status: str
    rows_total: int | None
    rows_read: int
    rows_created: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int
    rows_skipped: int
    faults: tuple[RunFault, ...]
    fault_count: int
    warnings: tuple[str, ...]
    files: Mapping[str, Mapping[str, str]]
    file_rows: Mapping[str, RowCounts]
    error: str | None
    reason: str | None
    document: Document

    @property
    def ended(self) -> bool:
        """Tell whether nothing of the run will change any more."""
        return self.status in TERMINAL

    @property
    def waits(self) -> bool:
        """Tell whether the run goes on only when somebody says so."""
        return self.status == RunState.PAUSED

    @property
    def completed(self) -> bool:
        """Tell whether the run did all its work, whatever it rejected."""
        return self.status == RunState.COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A catalog."""

    id: str
    name: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a catalog."""

    id: str
    properties: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a customer did, at `timestamp` in epoch seconds."""

    type: str
    timestamp: float
    properties: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """All that is kept of a customer."""

    ids: Document
    properties: Document
    events: tuple[Event, ...]


def definition_of(document: Document) -> Definition:
    """Read a definition."""
    return Definition(
        id=document["import_id"],
        document=document["import_definition"],
        freshness=document.get("freshness"),
    )


def created_of(document: Document) -> Created:
    """Read the answer to a new definition."""
    return Created(id=document["import_id"], warnings=tuple(document.get("warnings", ())))


def next_run_of(document: Document) -> NextRun:
    """Read an instant of a schedule."""
    return NextRun(**{name: document[name] for name in NextRun.__slots__})


def schedule_of(document: Document) -> Schedule:
    """Read when a definition fires next."""
    found = tuple(next_run_of(each) for each in document["next_runs"])
    return Schedule(active=document["active"], next_runs=found)


def decision_of(document: Document) -> Decision:
    """Read a decision."""
    return Decision(**{name: document[name] for name in Decision.__slots__})


def integration_of(document: Document) -> Integration:
    """Read an integration."""
    return Integration(id=document["integration_id"], document=document["integration"])


def storage_report_of(document: Document) -> StorageReport:
    """Read what a test found."""
    return StorageReport(**{name: document[name] for name in StorageReport.__slots__})


def run_of(document: Document) -> Run:
    """Read a run."""
    return Run(
        id=document["run_id"],
        status=document["status"],
        rows_total=document["rows_total"],
        rows_read=document["rows_processed"],
        rows_created=document["rows_created"],
        rows_updated=document["rows_updated"],
        rows_unchanged=document["rows_unchanged"],
        rows_rejected=document["rows_failed"],
        rows_skipped=document["rows_skipped"],
        faults=tuple(fault_of(fault) for fault in document["errors"]),
        fault_count=document["errors_total"],
        warnings=tuple(document["warnings"]),
        files={opened["file"]: opened["read_as"] for opened in document.get("files", [])},
        file_rows={each["file"]: _rows_of(each) for each in document.get("files", [])},
        error=document["error"],
        reason=document["reason"],
        document=document,
    )


def _rows_of(document: Document) -> RowCounts:
    """Read counts of rows; a service of an earlier release tells none of files."""
    words = {"rows_read": "rows_processed", "rows_rejected": "rows_failed"}
    names = RowCounts.__slots__
    return RowCounts(**{name: document.get(words.get(name, name), 0) for name in names})


def fault_of(document: Document) -> RunFault:
    """Read a fault of a run."""
    return RunFault(**{name: document[name] for name in RunFault.__slots__})


def catalog_of(document: Document) -> Catalog:
    """Read a catalog."""
    return Catalog(id=document["id"], name=document["name"], document=document)


def item_of(document: Document) -> Item:
    """Read an item of a catalog."""
    return Item(id=document["item_id"], properties=document["properties"])


def customer_of(document: Document) -> Customer:
    """Read a customer with its events."""
    events = tuple(
        Event(type=event["type"], timestamp=event["timestamp"], properties=event["properties"])
        for event in document["events"]
    )
    return Customer(ids=document["ids"], properties=document["properties"], events=events)
