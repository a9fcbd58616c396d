"""An import definition and its parts, as values.

Only `definitions.schema.to_definition` builds one from outside data: a checked document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from definitions.follow_ups import NOTHING, AfterRun


class Frequency(StrEnum):
    """How often a scheduled definition fires."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class FileSelection(StrEnum):
    """Which of the matching files of a storage one run takes."""

    ALL = "all"
    LAST_MOD = "last_mod"
    LAST_ALPHA = "last_alpha"
    NOT_IMPORTED = "not_imported"


class ChangedWhen(StrEnum):
    """What makes a file of a storage one that was not imported yet."""

    CONTENT = "content"  # other bytes; the same ones under a new name are known
    IDENTITY = "identity"  # another path, size, time or etag


class CatalogType(StrEnum):
    """What kind of items a catalog holds."""

    GENERIC = "generic"
    PRODUCT = "product"
    VARIANTS = "variants"


class TargetType(StrEnum):
    """What a mapped cell becomes; an unknown name in a document is handled as STRING."""

    STRING = "string"
    LONG_TEXT = "long text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIMESTAMP = "timestamp"
    LIST = "list"
    JSON = "json"
    URL = "url"


class RecordEnd(StrEnum):
    """What ends a record of delimited text."""

    LF = "lf"
    CRLF = "crlf"
    CR = "cr"
    ANY = "any"  # each of the three, in any mixture


class MalformedRows(StrEnum):
    """What becomes of a row that does not fit the header or is written against the rules."""

    REJECT = "reject"  # it is left out and reported
    PAD = "pad"  # it is read as well as can be, loaded and reported
    FAIL = "fail"  # the run fails


class Missed(StrEnum):
    """Which instants that nobody was there for are made up for."""

    LATEST = "latest"  # one run for all of them
    ALL = "all"  # a run for each of them
    SKIP = "skip"


class Overlap(StrEnum):
    """What a schedule does when a run of its definition has not ended yet."""

    QUEUE = "queue"  # the new run waits for it
    SKIP = "skip"  # there is no new run
    CANCEL_RUNNING = "cancel_running"  # the new run takes its place


@dataclass(frozen=True, slots=True, kw_only=True)
class NowTrigger:
    """Fires once, when the definition is created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFileTrigger:
    """Fires when the source shows something not seen before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay:
    """A local wall-clock time."""

    hour: int
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTrigger:
    """Fires at local wall-clock times of `timezone`, inside the inclusive bounds.

    `days` are weekdays (0 = Monday) for weekly and days of the month for monthly schedules, empty
    where the document left them to the first date. `times` are empty for hourly, `minutes` else.
    """

    frequency: Frequency
    times: tuple[TimeOfDay, ...]
    days: tuple[int, ...]
    minutes: tuple[int, ...]
    timezone: ZoneInfo
    from_date: datetime | None
    to_date: datetime | None
    missed: Missed = Missed.LATEST
    overlap: Overlap = Overlap.QUEUE


Trigger: TypeAlias = NowTrigger | NewFileTrigger | ScheduledTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicAuth:
    """A login at a source; `password` is plain text in memory only, and never shown by repr."""

    username: str
    password: str

    def __repr__(self) -> str:
        """Show who logs in, never the password."""
        return f"BasicAuth(username={self.username!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """How files are written; what is None is found out from the file's first megabyte.

    `quote`, `escape` and `remark` may be empty: there is none. An `escape` equal to `quote` means
    that a quote is doubled. `skip_rows` are left out before the header, `footer_rows` at the end.
    """

    type: str | None = None  # a name of `sources.registry.FORMATS`
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    record_end: RecordEnd | None = None
    remark: str | None = None  # what lines begin with that are no rows
    header_rows: int | None = None
    skip_rows: int | None = None
    footer_rows: int | None = None
    column_names: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ()  # texts of cells in which there is no value
    malformed_rows: MalformedRows = MalformedRows.REJECT
    member: str | None = None  # of an archive: a pattern of the file's name in it
    records: str | None = None  # where the records are: in JSON the path, in XML the element
    sheet: str | None = None  # of a workbook: the name; else the first


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSource:
    """A file behind an http or https address."""

    url: str
    use_proxy: bool
    auth: BasicAuth | None
    format: FileFormat = FileFormat()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStorageSource:
    """Files of a stored connection; `definitions.file_paths` reads `path`.

    A file must have been left alone for `stable_for` seconds before it is taken (None: as the
    installation says), or have another one beside it whose name is its own and `marker`.
    """

    integration_id: str
    parent_path: str | None
    path: str
    selection: FileSelection
    changed_when: ChangedWhen = ChangedWhen.CONTENT
    stable_for: float | None = None
    marker: str | None = None
    after: AfterRun = NOTHING
    format: FileFormat = FileFormat()


Source: TypeAlias = UrlSource | FileStorageSource


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDestination:
    """Rows become customers: found by any id, properties merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDestination:
    """Rows become events of customers; without `event_type` each row names its own."""

    event_type: str | None
    triggers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogDestination:
    """Rows become items of the catalog of that exact name."""

    name: str
    type: CatalogType | None
    associated_catalog_id: str | None


Destination: TypeAlias = CustomerDestination | EventDestination | CatalogDestination


@dataclass(frozen=True, slots=True, kw_only=True)
class IdMapping:
    """A column that holds an identifier of the customer (or the catalog's `item_id`)."""

    from_column: str
    to_id: str
    sensitive: bool = False  # its cells are masked where people look at files


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How the cells of a column are written; what is None is found out, or as the contract has it.

    `format` is text that `definitions.patterns` reads.
    """

    decimal: str | None = None
    thousands: str | None = None
    format: str | None = None
    separator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyMapping:
    """A column, or a static `value`, that becomes a property.

    Exactly one of `from_column` and `value`, JSON text of the target type, is not None.
    """

    from_column: str | None
    value: str | None
    to_column: str
    target_type: TargetType
    searchable: bool
    indexed: bool
    notation: Notation = Notation()
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How columns become ids and properties; naive times are read in `timezone`."""

    timezone: ZoneInfo
    ids: tuple[IdMapping, ...]
    properties: tuple[PropertyMapping, ...]
    timestamp_column: str | None
    timestamp_format: str | None = None  # the `Notation.format` of that column

    @property
    def columns(self) -> frozenset[str]:
        """Return the names of the columns that are looked for in a file."""
        ids = [mapped.from_column for mapped in self.ids]
        columns = [mapped.from_column for mapped in self.properties]
        names = (*ids, *columns, self.timestamp_column)
        return frozenset(name for name in names if name is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDefinition:
    """What to import, from where, when, and into what."""

    name: str
    active: bool
    trigger: Trigger
    source: Source
    destination: Destination
    mapping: Mapping
