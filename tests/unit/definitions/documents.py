"""Definition documents for tests: a small valid one, and a strategy for all sorts of valid ones."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import strategies as st

from definitions.errors import InvalidError
from definitions.model import CatalogType, FileSelection, TargetType
from definitions.schema import normalise
from definitions.schema.days import WEEKDAYS

COLUMNS = "mapping.column_mapping"
SMALLEST: dict[str, Any] = {
    "name": "People",
    "trigger": {"trigger_type": "now"},
    "source": {"source_type": "url", "import_url": "https://files.example.test/people.csv"},
    "destination": {"customer_destination": {}},
    "mapping": {
        "column_mapping": {
            "id_mappings": [{"from_column": "mail", "to_id": "email_id"}],
            "property_mappings": [{"from_column": "mail", "to_column": "email"}],
        }
    },
}


def document(**parts: object) -> dict[str, Any]:
    """Return the smallest document with some top-level parts replaced."""
    return copy.deepcopy(SMALLEST) | parts


def columns(**parts: object) -> dict[str, Any]:
    """Return a mapping with some parts of its column mapping replaced."""
    return {"column_mapping": copy.deepcopy(SMALLEST["mapping"]["column_mapping"]) | parts}


def problems(sent: object) -> dict[str, list[str]]:
    """Return what is wrong with a document that must be refused."""
    with pytest.raises(InvalidError) as caught:
        normalise(sent)
    return {path: list(texts) for path, texts in caught.value.problems.items()}


def absent(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects in which every member may be missing."""
    return st.fixed_dictionaries({}, optional=strategies)


def merged(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with the members of all parts."""
    return st.tuples(*parts).map(lambda found: {k: v for part in found for k, v in part.items()})


def nullable(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a value or null."""
    return st.none() | strategy


flags = st.booleans()
names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
zones = st.sampled_from(["UTC", "Europe/Prague", "America/New_York", "Asia/Kathmandu"])
times = st.fixed_dictionaries({"hour": st.integers(0, 23), "minute": st.integers(0, 59)})
clock = st.fixed_dictionaries({"times": st.lists(times, min_size=1, max_size=4)})
hours = st.fixed_dictionaries(
    {"minutes": st.lists(st.integers(0, 59), min_size=1, max_size=4, unique=True)}
)
bounds = absent(from_date=nullable(st.integers(0, 10**9)), to_date=nullable(st.floats(1e9, 4e9)))


def _scheduled(frequency: str, *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    base = st.fixed_dictionaries(
        {
            "trigger_type": st.sampled_from(["scheduled", "repeat"]),
            "frequency": st.just(frequency),
            "timezone": zones,
        }
    )
    return merged(base, bounds, *parts)


def _days(known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return absent(days=nullable(st.lists(known, unique=True, max_size=5)))


spellings = st.sampled_from([*WEEKDAYS[:3], *(name.title() for name in WEEKDAYS[3:5]), 5, 6])
triggers = st.one_of(
    st.fixed_dictionaries({"trigger_type": st.sampled_from(["now", "on_new_file"])}),
    _scheduled("hourly", hours, absent(times=nullable(st.just([])))),
    _scheduled("daily", clock, absent(minutes=nullable(st.just([])))),
    _scheduled("weekly", clock, _days(spellings)),
    _scheduled("monthly", clock, _days(st.integers(1, 31))),
)
logins = st.fixed_dictionaries({"username": st.just("importer"), "password": names})
sources = st.one_of(
    merged(
        st.just(SMALLEST["source"]),
        absent(use_socks_proxy=nullable(flags), auth=nullable(logins)),
    ),
    merged(
        st.fixed_dictionaries(
            {
                "source_type": st.just("filestorage"),
                "integration_id": st.just("5f3c1a2b4d5e6f708192a3b4"),
                "path": st.sampled_from(["*.csv", "out/crm_?.csv"]),
                "file_selection": st.sampled_from([str(word) for word in FileSelection]),
            }
        ),
        absent(parent_path=nullable(st.just("/out"))),
    ),
)
attributes = merged(
    st.fixed_dictionaries({"catalog_type": st.sampled_from([str(word) for word in CatalogType])}),
    absent(associated_product_catalog_id=nullable(names)),
)
destinations = st.one_of(
    st.just({"customer_destination": {}}),
    st.fixed_dictionaries(
        {"event_destination": absent(event_type=names, event_triggers=nullable(flags))}
    ),
    st.fixed_dictionaries(
        {
            "catalog_destination": merged(
                st.fixed_dictionaries({"catalog_name": names}),
                absent(catalog_attributes=nullable(attributes)),
            )
        }
    ),
)
id_mappings = st.lists(st.fixed_dictionaries({"from_column": names, "to_id": names}), max_size=2)
types = st.sampled_from([*(str(word) for word in TargetType), "text", "something"])
targets = names.filter(lambda name: name != "item_id")  # which no fixed value may fill
property_mappings = st.lists(
    merged(
        st.fixed_dictionaries({"to_column": targets}),
        absent(
            from_column=nullable(names),
            target_type=nullable(types),
            searchable=nullable(flags),
            indexed=nullable(names),
        )
        | st.fixed_dictionaries({"value": st.sampled_from(["x", 1.5, True, [1, "a"]])}),
    ),
    max_size=4,
    unique_by=lambda mapped: mapped["to_column"],
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a valid document, as a client may send it."""
    ids = [{"from_column": "item_id", "to_id": "item_id"}, *draw(id_mappings)]
    column_mapping = {"id_mappings": ids, "property_mappings": draw(property_mappings)}
    column_mapping |= draw(absent(timestamp_column=nullable(names)))
    base = {
        "name": draw(names),
        "trigger": draw(triggers),
        "source": draw(sources),
        "destination": draw(destinations),
        "mapping": {"column_mapping": column_mapping, **draw(absent(tz_info=nullable(zones)))},
    }
    return base | draw(absent(active=nullable(flags)))
