"""A definition's mapping bound to the columns a file really has.

How columns are taken, beyond what the mapping says:

- Keys (ids, item id, event type) are the text of the file without outer white space; a target type
  does not change them. A row without any id, or without another key, is rejected, and so is a row
  with a key that cannot be used. Of several ids the empty ones are absent.
- Customers: the property `update_timestamp` tells when the row was true and is not stored.
- Events: without a fixed type, the property `event_type`, or else the file's column of that name,
  is the type and is not stored. Without a timestamp column no event has an explicit timestamp; a
  property called `timestamp` is a property like any other.
- Catalogs: the property `item_id`, or else the id of that name, is the item's key and is not stored
  among the properties; other ids are ignored.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import orjson
import polars as pl

from definitions.canonical import stored_order
from definitions.compiled import CompiledMapping, MappedColumn, Need, value_of
from definitions.complaints import complaint, key_complaint, masked
from definitions.conversion import as_key, as_property, as_seconds
from definitions.errors import MissingColumnError
from definitions.header import Header
from definitions.jsontext import Member, json_object
from definitions.keytext import trimmed
from definitions.masking import masking_of
from definitions.model import (
    CatalogDestination,
    CustomerDestination,
    EventDestination,
    ImportDefinition,
    Mapping,
    Notation,
    PropertyMapping,
    TargetType,
)
from definitions.styles import NO_STYLES, Question, Styles, question_about
from definitions.written import Written, as_said

ITEM_ID = "item_id"
EVENT_TYPE = "event_type"
UPDATE_TIMESTAMP = "update_timestamp"
_NO_TIME = pl.lit(None, pl.Float64)


def compile_mapping(
    definition: ImportDefinition, header: tuple[str, ...], styles: Styles = NO_STYLES
) -> CompiledMapping:
    """Bind a definition's mapping to a file's header.

    Column names match exactly, or else without outer white space; never in another case. Raise
    `MissingColumnError` if the file lacks a key column; a lacking property is a warning. `styles`
    answer what the mapping without them asks in its `questions`.
    """
    plan = _Plan(definition.mapping, Header(names=header), styles)
    match definition.destination:
        case CustomerDestination():
            _plan_customers(plan)
        case EventDestination(event_type=event_type):
            _plan_events(plan, event_type)
        case CatalogDestination():
            _plan_items(plan)
    return plan.finish()


def _plan_customers(plan: _Plan) -> None:
    plan.add_ids()
    plan.outputs["updated_at"] = plan.update_time(plan.take(UPDATE_TIMESTAMP))


def _plan_events(plan: _Plan, event_type: str | None) -> None:
    plan.known_by_text = True
    plan.add_ids()
    if event_type is None:
        plan.outputs["event_type"] = plan.event_type(plan.take(EVENT_TYPE))
    else:
        plan.outputs["event_type"] = pl.lit(trimmed(event_type))
    column = plan.mapping.timestamp_column
    plan.outputs["timestamp"] = _NO_TIME if column is None else plan.key_time(column)


def _plan_items(plan: _Plan) -> None:
    by_property = plan.take(ITEM_ID)
    by_id = [mapping.from_column for mapping in plan.mapping.ids if mapping.to_id == ITEM_ID]
    column = by_property.from_column if by_property else None
    column = column or next(iter(by_id), None)
    if column is None:
        msg = f"no column is mapped to {ITEM_ID!r}: map the column that holds the item's id"
        raise MissingColumnError(msg)
    plan.outputs["item_id"] = plan.key(column, "item id")


class _Plan:
    """The columns, needs and outputs gathered while a mapping is read."""

    def __init__(self, mapping: Mapping, header: Header, styles: Styles) -> None:
        self.mapping = mapping
        self.outputs: dict[str, pl.Expr] = {}
        self.known_by_text = False  # whether the text of the properties is part of an identity
        self._header = header
        self._styles = styles
        self._questions: dict[Question, None] = {}  # in order, each once
        self._masking = masking_of(mapping, header.names)
        self._properties = {prop.to_column: prop for prop in mapping.properties}
        self._ids: tuple[str, ...] = ()
        self._columns: list[MappedColumn] = []
        self._needs: list[Need] = []
        self._lacking: list[str] = []
        self._warnings: list[str] = []

    def take(self, name: str) -> PropertyMapping | None:
        """Remove and return a property that is not stored as such."""
        return self._properties.pop(name, None)

    def add_ids(self) -> None:
        """Add a column per id: the first filled one of those that are mapped to it.

        Every row must fill one of them at least.
        """
        values: dict[str, list[pl.Expr]] = {}
        numbers = []
        for mapping in self.mapping.ids:
            column = self._key_column(mapping.from_column, f"id {mapping.to_id!r}")
            numbers.append(self._add_key(column))
            values.setdefault(mapping.to_id, []).append(value_of(numbers[-1]))
        self._need("id", *numbers)
        self._ids = tuple(values)
        self.outputs |= {f"id.{name}": pl.coalesce(columns) for name, columns in values.items()}

    def key(self, name: str, use: str) -> pl.Expr:
        """Add a text column that every row must fill."""
        number = self._add_key(self._key_column(name, use))
        self._need(use, number)
        return value_of(number)

    def key_time(self, name: str) -> pl.Expr:
        """Add a column of epoch seconds that every row must fill."""
        notation = Notation(format=self.mapping.timestamp_format)
        number = self._add_time(self._key_column(name, "timestamp"), notation, is_key=True)
        self._need("timestamp", number)
        return value_of(number)

    def event_type(self, prop: PropertyMapping | None) -> pl.Expr:
        """Return the event type that the rows, or a static value, name."""
        if prop is not None and prop.value is not None:
            return pl.lit(trimmed(_plain(prop.value)))
        column = EVENT_TYPE if prop is None or prop.from_column is None else prop.from_column
        return self.key(column, "event type")

    def update_time(self, prop: PropertyMapping | None) -> pl.Expr:
        """Return the epoch seconds at which the rows were true; null where that is not known."""
        if prop is not None and prop.value is not None:
            return pl.lit(
                as_seconds(self.mapping.timezone).values(pl.Series([_plain(prop.value)])).item(),
                pl.Float64,
            )
        column = self._property_column(prop)
        if prop is None or column is None:
            return _NO_TIME
        return value_of(self._add_time(column, prop.notation, is_key=False))

    def finish(self) -> CompiledMapping:
        """Add the properties and close the plan; raise if a key column is lacking."""
        members = {prop.to_column: self._member(prop) for prop in self._properties.values()}
        names = sorted(members, key=None if self.known_by_text else stored_order)
        in_order = {name: members[name] for name in names}
        if self._lacking:
            raise MissingColumnError("; ".join((*self._lacking, self._header.shown())))
        return CompiledMapping(
            columns=tuple(self._columns),
            needs=tuple(self._needs),
            outputs={"properties": json_object(in_order), **self.outputs},
            ids=self._ids,
            warnings=tuple(self._warnings),
            questions=tuple(self._questions),
            masking=self._masking,
        )

    def _member(self, prop: PropertyMapping) -> Member:
        """Return a property as JSON; null where the file lacks its column."""
        if prop.value is not None:
            return Member(pl.lit(prop.value))
        column = self._property_column(prop)
        if column is None:
            return Member(pl.lit(None, pl.String))
        target, written = prop.target_type, self._written(column, prop.target_type, prop.notation)
        to = as_property(target, self.mapping.timezone, written)
        complain = partial(complaint, target, written=written)
        mapped = MappedColumn(column=column, is_key=False, conversion=to, complain=complain)
        return Member(value_of(self._add(mapped)), to.quoted)

    def _property_column(self, prop: PropertyMapping | None) -> str | None:
        """Return the file's column for a property, warning if there is none."""
        if prop is None or prop.from_column is None:
            return None
        column = self._header.find(prop.from_column)
        if column is None:
            use = f"property {prop.to_column!r}"
            self._warnings.append(self._header.lacks(prop.from_column, use))
        return column

    def _key_column(self, name: str, use: str) -> str:
        """Return the file's column for a key, noting it if there is none."""
        column = self._header.find(name)
        if column is None:
            self._lacking.append(self._header.lacks(name, use))
        return column or name

    def _add_key(self, column: str) -> int:
        mapped = MappedColumn(
            column=column, is_key=True, conversion=as_key(), complain=key_complaint
        )
        return self._add(mapped)

    def _add_time(self, column: str, notation: Notation, *, is_key: bool) -> int:
        written = self._written(column, TargetType.TIMESTAMP, notation)
        to = as_seconds(self.mapping.timezone, written)
        complain = partial(complaint, TargetType.TIMESTAMP, written=written)
        return self._add(
            MappedColumn(column=column, is_key=is_key, conversion=to, complain=complain)
        )

    def _written(self, column: str, target: TargetType, notation: Notation) -> Written:
        """Return how a column is written, noting what the definition does not say of it."""
        said = as_said(notation)
        question = question_about(column, target, said)
        if question is None:
            return said
        self._questions[question] = None
        return self._styles.answer(question, said)

    def _add(self, mapped: MappedColumn) -> int:
        """Add a mapped column and return its number."""
        if mapped.column in self._masking.columns:
            mapped = replace(mapped, complain=masked(mapped.complain))
        self._columns.append(mapped)
        return len(self._columns) - 1

    def _need(self, use: str, *numbers: int) -> None:
        """Ask every row to fill one of the mapped columns at least."""
        columns = [self._columns[number].column for number in numbers]
        fill = " or ".join(map(repr, columns))
        message = f"the row has no {use}: fill {fill}"
        column = columns[0] if len(columns) == 1 else None
        self._needs.append(Need(columns=numbers, column=column, message=message))


def _plain(value: str) -> str:
    """Return what a static value's JSON text says, as text."""
    said = orjson.loads(value)
    return said if isinstance(said, str) else value
