from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from definitions import model
from definitions.errors import InvalidError
from definitions.schema import normalise, to_definition
from tests.unit.definitions.documents import columns, document, documents


def built(**parts: object) -> model.ImportDefinition:
    """Return the definition of the smallest document with some parts replaced."""
    return to_definition(normalise(document(**parts)))


def trigger(**members: object) -> model.Trigger:
    """Return a scheduled trigger."""
    base = {"trigger_type": "scheduled", "timezone": "Europe/Prague"}
    return built(trigger=base | members).trigger


def test_the_smallest_document_becomes_a_definition() -> None:
    assert built() == model.ImportDefinition(
        name="People",
        active=True,
        trigger=model.NowTrigger(),
        source=model.UrlSource(
            url="https://files.example.test/people.csv", use_proxy=False, auth=None
        ),
        destination=model.CustomerDestination(),
        mapping=model.Mapping(
            timezone=ZoneInfo("UTC"),
            ids=(model.IdMapping(from_column="mail", to_id="email_id"),),
            properties=(prop(from_column="mail", to_column="email"),),
            timestamp_column=None,
        ),
    )


def prop(
    *,
    to_column: str,
    from_column: str | None = None,
    value: str | None = None,
    **more: Any,  # noqa: ANN401  as dataclasses.replace takes them
) -> model.PropertyMapping:
    """Return a property mapping with the defaults of a document."""
    base = model.PropertyMapping(
        from_column=from_column,
        value=value,
        to_column=to_column,
        target_type=model.TargetType.STRING,
        searchable=False,
        indexed=False,
    )
    return replace(base, **more)


def test_a_new_file_trigger_is_one() -> None:
    assert built(trigger={"trigger_type": "on_new_file"}).trigger == model.NewFileTrigger()


def test_a_schedule_is_in_order_and_without_repeats() -> None:
    times = [{"hour": 9, "minute": 0}, {"hour": 2, "minute": 30}, {"hour": 9, "minute": 0}]

    found = trigger(
        frequency="weekly",
        times=times,
        days=["Thursday", 0],
        minutes=[5],
        from_date=0,
        to_date=1767225600.5,
    )

    assert found == model.ScheduledTrigger(
        frequency=model.Frequency.WEEKLY,
        times=(model.TimeOfDay(hour=2, minute=30), model.TimeOfDay(hour=9, minute=0)),
        days=(0, 3),
        minutes=(),
        timezone=ZoneInfo("Europe/Prague"),
        from_date=datetime(1970, 1, 1, tzinfo=UTC),
        to_date=datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
    )


def test_an_hourly_schedule_has_minutes_only() -> None:
    times = [{"hour": 9, "minute": 0}]

    found = trigger(frequency="hourly", minutes=[30, 0], times=times, days=["monday"])

    assert isinstance(found, model.ScheduledTrigger)
    assert (found.minutes, found.times, found.days) == ((0, 30), (), ())


def test_days_of_the_month_are_kept_and_absent_ones_are_none() -> None:
    times = [{"hour": 9, "minute": 0}]
    some = trigger(frequency="monthly", times=times, days=[31, 1])
    none = trigger(frequency="monthly", times=times, days=None)

    assert isinstance(some, model.ScheduledTrigger)
    assert isinstance(none, model.ScheduledTrigger)
    assert (some.days, none.days) == ((1, 31), ())


@pytest.mark.parametrize("seconds", [-62_135_596_800, 253_402_300_799])
def test_the_farthest_bounds_become_instants(seconds: int) -> None:
    found = trigger(frequency="hourly", minutes=[0], from_date=seconds)

    assert isinstance(found, model.ScheduledTrigger)
    assert found.from_date is not None
    assert found.from_date.timestamp() == seconds


def test_a_login_goes_along_as_it_stands() -> None:
    login = {"username": "ann", "password": "sealed:v1:x"}
    source = document()["source"] | {"auth": login, "use_socks_proxy": True}

    assert built(source=source).source == model.UrlSource(
        url="https://files.example.test/people.csv",
        use_proxy=True,
        auth=model.BasicAuth(username="ann", password="sealed:v1:x"),
    )


@pytest.mark.parametrize(("parent", "kept"), [(None, None), ("", None), ("/out", "/out")])
def test_a_file_storage_source_is_one(parent: str | None, kept: str | None) -> None:
    source = {
        "source_type": "filestorage",
        "integration_id": "5f3c1a2b4d5e6f708192a3b4",
        "parent_path": parent,
        "path": "*.csv",
        "file_selection": "last_mod",
    }

    assert built(source=source).source == model.FileStorageSource(
        integration_id="5f3c1a2b4d5e6f708192a3b4",
        parent_path=kept,
        path="*.csv",
        selection=model.FileSelection.LAST_MOD,
    )


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ({"event_destination": {}}, model.EventDestination(event_type=None, triggers=False)),
        (
            {"event_destination": {"event_type": "buy", "event_triggers": True}},
            model.EventDestination(event_type="buy", triggers=True),
        ),
        (
            {"catalog_destination": {"catalog_name": "c", "catalog_attributes": None}},
            model.CatalogDestination(name="c", type=None, associated_catalog_id=None),
        ),
        (
            {
                "catalog_destination": {
                    "catalog_name": "c",
                    "catalog_attributes": {
                        "catalog_type": "variants",
                        "associated_product_catalog_id": "66f0",
                    },
                }
            },
            model.CatalogDestination(
                name="c", type=model.CatalogType.VARIANTS, associated_catalog_id="66f0"
            ),
        ),
    ],
)
def test_a_destination_is_what_was_asked_for(
    destination: dict[str, Any], expected: model.Destination
) -> None:
    ids = columns(id_mappings=[{"from_column": "sku", "to_id": "item_id"}])

    assert built(destination=destination, mapping=ids).destination == expected


@pytest.mark.parametrize(
    ("mapped", "expected"),
    [
        ({"to_column": "a"}, prop(from_column="a", to_column="a")),
        ({"from_column": None, "to_column": "a"}, prop(from_column="a", to_column="a")),
        (
            {"from_column": "b", "to_column": "a", "searchable": True, "indexed": "yes"},
            prop(from_column="b", to_column="a", searchable=True, indexed=True),
        ),
        (
            {"value": "5", "to_column": "a", "target_type": "number"},
            prop(value="5", to_column="a", target_type=model.TargetType.NUMBER),
        ),
        ({"to_column": "a", "target_type": "text"}, prop(from_column="a", to_column="a")),
    ],
)
def test_a_property_has_a_column_or_a_value(
    mapped: dict[str, Any], expected: model.PropertyMapping
) -> None:
    assert built(mapping=columns(property_mappings=[mapped])).mapping.properties == (expected,)


@given(sent=documents())
def test_every_property_has_exactly_one_origin(sent: dict[str, Any]) -> None:
    for mapped in to_definition(normalise(sent)).mapping.properties:
        assert (mapped.from_column is None) != (mapped.value is None)


def test_a_fixed_time_that_a_zone_does_not_reach_is_refused() -> None:
    mapped = {"value": "0001-01-01T00:00:00", "to_column": "a", "target_type": "datetime"}
    mapping = {"tz_info": "Asia/Tokyo", **columns(property_mappings=[mapped])}
    normal = normalise(document(mapping=mapping))

    with pytest.raises(InvalidError, match=r"property_mappings\.0\.value.*Asia/Tokyo"):
        to_definition(normal)
