"""From a normalised document to the model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from definitions import model
from definitions.errors import InvalidError
from definitions.follow_ups import AfterRun, FileAction, FollowUp
from definitions.schema.days import weekday_number
from definitions.schema.destination import CATALOG, CUSTOMERS
from definitions.schema.notation import OPTIONS
from definitions.schema.source import URL
from definitions.schema.static_values import as_json, target_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_definition(document: Mapping[str, Any]) -> model.ImportDefinition:
    """Return the definition that a normalised document describes, with its password as it stands.

    Raise `InvalidError` when a fixed value does not exist in the mapping's time zone.
    """
    return model.ImportDefinition(
        name=document["name"],
        active=document["active"],
        trigger=to_trigger(document["trigger"]),
        source=_source(document["source"]),
        destination=_destination(document["destination"]),
        mapping=_mapping(document["mapping"]),
    )


def to_trigger(trigger: Mapping[str, Any]) -> model.Trigger:
    """Return the trigger that the normalised member of a document describes."""
    match trigger["trigger_type"]:
        case "now":
            return model.NowTrigger()
        case "on_new_file":
            return model.NewFileTrigger()
        case _:
            return _scheduled_trigger(trigger)


def _scheduled_trigger(trigger: Mapping[str, Any]) -> model.ScheduledTrigger:
    """Return the schedule: each list in order, without repeats, empty where it means nothing."""
    frequency = model.Frequency(trigger["frequency"])
    hourly = frequency is model.Frequency.HOURLY
    times = [] if hourly else trigger["times"]
    clock = sorted({(time["hour"], time["minute"]) for time in times})
    return model.ScheduledTrigger(
        frequency=frequency,
        times=tuple(model.TimeOfDay(hour=hour, minute=minute) for hour, minute in clock),
        days=_days(frequency, trigger.get("days") or []),
        minutes=tuple(sorted(trigger["minutes"])) if hourly else (),
        timezone=ZoneInfo(trigger["timezone"]),
        from_date=_instant(trigger.get("from_date")),
        to_date=_instant(trigger.get("to_date")),
        missed=model.Missed(trigger.get("missed") or model.Missed.LATEST),
        overlap=model.Overlap(trigger.get("overlap") or model.Overlap.QUEUE),
    )


def _days(frequency: model.Frequency, days: list[str | int]) -> tuple[int, ...]:
    match frequency:
        case model.Frequency.WEEKLY:
            numbers = (weekday_number(day) for day in days)
            return tuple(sorted(number for number in numbers if number is not None))
        case model.Frequency.MONTHLY:
            return tuple(sorted(int(day) for day in days))
        case _:
            return ()


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def _source(source: Mapping[str, Any]) -> model.Source:
    if source["source_type"] == URL:
        auth = source.get("auth")
        return model.UrlSource(
            url=source["import_url"],
            use_proxy=source["use_socks_proxy"],
            auth=None if auth is None else model.BasicAuth(**auth),
            format=file_format(source.get("format")),
        )
    return model.FileStorageSource(
        integration_id=source["integration_id"],
        parent_path=source.get("parent_path") or None,
        path=source["path"],
        selection=model.FileSelection(source["file_selection"]),
        changed_when=model.ChangedWhen(source.get("changed_when") or "content"),
        stable_for=source.get("stable_for"),
        marker=source.get("marker"),
        after=AfterRun(
            success=_follow_up(source.get("after_success")),
            failure=_follow_up(source.get("after_failure")),
        ),
        format=file_format(source.get("format")),
    )


def _follow_up(given: Mapping[str, Any] | None) -> FollowUp:
    """Return what is done with a file; of what is said beside the action only what it needs."""
    action = FileAction(given["action"]) if given else FileAction.KEEP
    word = {FileAction.MOVE: "to", FileAction.RENAME: "suffix"}.get(action)
    return FollowUp(action=action, **({word: given[word]} if given and word else {}))


def file_format(given: Mapping[str, Any] | None) -> model.FileFormat:
    """Return how files are written; what is not said, or null, is left to be found out."""
    known = {name: value for name, value in (given or {}).items() if value is not None}
    if "record_end" in known:
        known["record_end"] = model.RecordEnd(known["record_end"])
    if "malformed_rows" in known:
        known["malformed_rows"] = model.MalformedRows(known["malformed_rows"])
    lists = {name: tuple(known.get(name, ())) for name in ("column_names", "null_values")}
    return model.FileFormat(**known | lists)


def _destination(destination: Mapping[str, Any]) -> model.Destination:
    [(kind, options)] = destination.items()
    if kind == CUSTOMERS:
        return model.CustomerDestination()
    if kind == CATALOG:
        return _catalog(options)
    return model.EventDestination(
        event_type=options.get("event_type"), triggers=options["event_triggers"]
    )


def _catalog(options: Mapping[str, Any]) -> model.CatalogDestination:
    attributes = options.get("catalog_attributes") or {}
    kind = attributes.get("catalog_type")
    return model.CatalogDestination(
        name=options["catalog_name"],
        type=None if kind is None else model.CatalogType(kind),
        associated_catalog_id=attributes.get("associated_product_catalog_id") or None,
    )


def _mapping(mapping: Mapping[str, Any]) -> model.Mapping:
    zone, columns = ZoneInfo(mapping["tz_info"]), mapping["column_mapping"]
    properties = enumerate(columns["property_mappings"])
    return model.Mapping(
        timezone=zone,
        ids=tuple(map(_id, columns["id_mappings"])),
        properties=tuple(_property(place, mapped, zone) for place, mapped in properties),
        timestamp_column=columns.get("timestamp_column"),
        timestamp_format=columns.get("timestamp_format"),
    )


def _id(mapped: Mapping[str, Any]) -> model.IdMapping:
    return model.IdMapping(**{**mapped, "sensitive": mapped.get("sensitive") or False})


def _property(place: int, mapped: Mapping[str, Any], zone: ZoneInfo) -> model.PropertyMapping:
    target = target_of(mapped["target_type"])
    fixed = mapped.get("value")
    value = None if fixed is None else as_json(fixed, target, zone)
    if fixed is not None and value is None:
        path = f"mapping.column_mapping.property_mappings.{place}.value"
        raise InvalidError({path: [f"must be convertible to {target} in time zone {zone.key}"]})
    return model.PropertyMapping(
        from_column=None if value is not None else mapped.get("from_column") or mapped["to_column"],
        value=value,
        to_column=mapped["to_column"],
        target_type=target,
        searchable=mapped.get("searchable") or False,
        indexed=bool(mapped.get("indexed")),
        notation=model.Notation(**{name: mapped.get(name) for name in OPTIONS}),
        sensitive=mapped.get("sensitive") or False,
    )
