from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from definitions.batches import Tally
from definitions.errors import NotFoundError
from definitions.model import (
    CatalogDestination,
    CatalogType,
    CustomerDestination,
    FileSelection,
    FileStorageSource,
    ImportDefinition,
    Mapping,
    NowTrigger,
    PropertyMapping,
    TargetType,
)
from destinations.catalogs import Catalogs, open_catalog
from destinations.cataloguing import (
    Catalog,
    Field,
    NewCatalog,
    create_catalog,
    delete_catalog,
    list_catalogs,
)
from tests.loading import STARTED_AT, ItemRow, context, item_records, load, stored_items

NUMBERS = itertools.count(1)


def new_catalog(engine: Engine) -> Catalog:
    number = next(NUMBERS)
    new = NewCatalog(
        project_id=1,
        public_id=f"{number:024x}",
        name=f"catalog {number}",
        type=CatalogType.GENERIC,
        associated_catalog_id=None,
        fields=(),
        created_at=STARTED_AT,
    )
    with engine.begin() as connection:
        return create_catalog(connection, new)


values = st.sampled_from([1, 2, "x", True, None, [1], [1, 2], {"k": 1}])
rows = st.builds(
    ItemRow,
    item_id=st.sampled_from("123"),
    properties=st.dictionaries(st.sampled_from("pqr"), values, max_size=3),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(rows, min_size=1, max_size=12), cut=st.integers(0, 12))
def test_any_rows_in_any_batches_end_as_the_rule_says(
    engine: Engine, rows: list[ItemRow], cut: int
) -> None:
    catalog = new_catalog(engine)
    items: dict[str, dict[str, object]] = {}
    ends = {"created": 0, "updated": 0, "unchanged": 0}
    for row in rows:
        before = json.dumps(items.get(row.item_id), sort_keys=True)
        items[row.item_id] = items.get(row.item_id, {}) | dict(row.properties)
        after = json.dumps(items[row.item_id], sort_keys=True)
        end = "unchanged" if before == after else "created" if before == "null" else "updated"
        ends[end] += 1

    parts = [item_records(part) for part in (rows[:cut], rows[cut:]) if part]
    tally = load(engine, Catalogs(catalog_id=catalog.id), *parts)

    found = {key: json.dumps(json.loads(text)) for key, text in stored_items(engine, catalog.id)}
    assert found.keys() == items.keys()
    assert all(json.loads(found[key]) == items[key] for key in items)
    assert tally == Tally(read=len(rows), **ends)


def test_two_sessions_that_bring_the_same_items_make_each_once(engine: Engine) -> None:
    catalogs = Catalogs(catalog_id=new_catalog(engine).id)
    rows = [ItemRow(item_id=str(n), properties={"n": n}) for n in range(300)]

    def work(order: list[ItemRow]) -> Tally:
        batches = [item_records(order[at : at + 50]) for at in range(0, len(order), 50)]
        return load(engine, catalogs, *batches)

    with ThreadPoolExecutor(2) as pool:
        tallies = list(pool.map(work, [rows, rows[::-1]]))

    assert sum(tallies, Tally()) == Tally(read=600, created=300, unchanged=300)


def test_keys_and_texts_arrive_as_they_are(engine: Engine) -> None:
    catalog = new_catalog(engine)
    strange = 'tab\t quote" back\\slash \\N newline\n return\r é 漢 \x1f \\. '
    row = ItemRow(item_id=strange, properties={strange: [strange]})

    load(engine, Catalogs(catalog_id=catalog.id), item_records([row]))

    [(key, properties)] = stored_items(engine, catalog.id)
    assert key == strange
    assert json.loads(properties) == row.properties


def test_a_catalog_that_is_gone_takes_no_rows(engine: Engine) -> None:
    catalog = new_catalog(engine)
    with engine.begin() as connection:
        delete_catalog(connection, catalog)

    with pytest.raises(NotFoundError, match="the catalog was deleted"):
        load(engine, Catalogs(catalog_id=catalog.id), item_records([ItemRow(item_id="1")]))


def test_a_run_uses_the_catalog_of_that_name_and_makes_it_once(engine: Engine) -> None:
    with engine.begin() as connection:
        first = open_catalog(connection, definition("Products"), context(run_id="a" * 24))
        second = open_catalog(connection, definition("Products"), context(run_id="b" * 24))
        other = open_catalog(connection, definition("products"), context(run_id="c" * 24))
        [catalog, _], total = list_catalogs(connection, 1, count=10, skip=0)

    assert first == second != other
    assert total == 2
    assert catalog.fields == (Field(name="title", searchable=True, indexed=True),)
    assert catalog.type is CatalogType.PRODUCT


def test_other_definitions_have_no_catalog(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(TypeError, match="has no catalog"):
        open_catalog(connection, definition(None), context())


def definition(catalog: str | None) -> ImportDefinition:
    return ImportDefinition(
        name="x",
        active=True,
        trigger=NowTrigger(),
        source=FileStorageSource(
            integration_id="i" * 24, parent_path=None, path="x", selection=FileSelection.ALL
        ),
        destination=CustomerDestination()
        if catalog is None
        else CatalogDestination(name=catalog, type=CatalogType.PRODUCT, associated_catalog_id=None),
        mapping=Mapping(
            timezone=ZoneInfo("UTC"),
            ids=(),
            properties=(_property("item_id"), _property("title")),
            timestamp_column=None,
        ),
    )


def _property(name: str) -> PropertyMapping:
    return PropertyMapping(
        from_column=name,
        value=None,
        to_column=name,
        target_type=TargetType.STRING,
        searchable=name == "title",
        indexed=name == "title",
    )
