from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
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
from destinations.live import ItemWrite, merge_item, put_item
from destinations.tables import catalog_items
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


class Step(NamedTuple):
    """Something that happens to the items of a catalog."""

    by: str
    row: ItemRow


steps = st.builds(Step, by=st.sampled_from(["import", "live", "put", "hand", "delete"]), row=rows)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(steps, min_size=1, max_size=12))
def test_whoever_wrote_before_an_import_leaves_what_the_rows_say(
    engine: Engine, steps: list[Step]
) -> None:
    catalog = new_catalog(engine)
    items: dict[str, dict[str, object]] = {}
    for step in steps:
        before = items.get(step.row.item_id)
        tally = _take(engine, catalog, step, items)
        if step.by == "import":
            after = _loaded(engine, catalog)[step.row.item_id]
            created, same = before is None, json.dumps(before) == json.dumps(after)
            assert (tally.created, tally.unchanged) == (created, same)

    found = _loaded(engine, catalog)
    assert {key: json.dumps(found[key]) for key in found} == {
        key: json.dumps(items[key], sort_keys=True) for key in items
    }


def _take(
    engine: Engine, catalog: Catalog, step: Step, items: dict[str, dict[str, object]]
) -> Tally:
    """Do it in the database and in `items`, which are as the rule says."""
    item_id, properties = step.row.item_id, dict(step.row.properties)
    before = items.get(item_id, {})
    items[item_id] = dict(sorted((before | properties).items()))
    if step.by == "import":
        return load(engine, Catalogs(catalog_id=catalog.id), item_records([step.row]))
    write = ItemWrite(item_id=item_id, properties=properties)
    with engine.begin() as connection:
        if step.by == "live":
            return merge_item(connection, catalog, write)
        if step.by == "put":
            items[item_id] = dict(sorted(properties.items()))
            return put_item(connection, catalog, write)
        mine = (catalog_items.c.catalog_id == catalog.id, catalog_items.c.item_id == item_id)
        change = sa.update(catalog_items).values(properties=properties)
        items[item_id] = dict(sorted(properties.items()))
        if not before or step.by == "delete":
            del items[item_id]
            connection.execute(sa.delete(catalog_items).where(*mine))
        else:
            connection.execute(change.where(*mine))
    return Tally()


def _loaded(engine: Engine, catalog: Catalog) -> dict[str, dict[str, object]]:
    found = stored_items(engine, catalog.id)
    return {key: dict(sorted(json.loads(text).items())) for key, text in found}


def test_a_row_that_was_loaded_before_is_recognised_by_its_hash(engine: Engine) -> None:
    """Also where the item has more than the row; what is stored is not even looked at."""
    catalog = new_catalog(engine)
    catalogs = Catalogs(catalog_id=catalog.id)
    rows = [ItemRow(item_id=str(n), properties={"n": n}) for n in range(20)]
    load(engine, catalogs, item_records([ItemRow(item_id="3", properties={"m": 1})]))
    load(engine, catalogs, item_records(rows))
    with engine.begin() as connection:
        hashes = connection.execute(sa.select(catalog_items.c.import_hash)).scalars().all()
        fourth = sa.update(catalog_items).where(catalog_items.c.import_hash == hashes[4])
        connection.execute(fourth.values(properties={}, import_hash=0))
        back = sa.update(catalog_items).where(catalog_items.c.import_hash == 0)
        connection.execute(back.values(import_hash=hashes[4]))  # a lie that no writer tells

    assert load(engine, catalogs, item_records(rows)) == Tally(read=20, unchanged=20)
    assert "{}" in dict(stored_items(engine, catalog.id)).values()


def test_a_record_without_a_hash_gets_one_from_the_next_import(engine: Engine) -> None:
    catalogs = Catalogs(catalog_id=new_catalog(engine).id)
    records = item_records([ItemRow(item_id="1", properties={"n": 1})])
    load(engine, catalogs, records)
    with engine.begin() as connection:
        connection.execute(sa.update(catalog_items).values(import_hash=None))

    assert load(engine, catalogs, records) == Tally(read=1, unchanged=1)

    with engine.begin() as connection:
        assert connection.execute(sa.select(catalog_items.c.import_hash)).scalar() is not None


def test_an_item_in_the_way_of_a_copy_is_merged(engine: Engine) -> None:
    """Few of many: the look at some of them misses it, and the index does not."""
    catalogs = Catalogs(catalog_id=new_catalog(engine).id)
    load(engine, catalogs, item_records([ItemRow(item_id="777", properties={"old": 1})]))
    rows = [ItemRow(item_id=str(n), properties={"n": n}) for n in range(2000)]

    assert load(engine, catalogs, item_records(rows)) == Tally(read=2000, created=1999, updated=1)
    assert load(engine, catalogs, item_records(rows)) == Tally(read=2000, unchanged=2000)

    stored = dict(stored_items(engine, catalogs.catalog_id))
    assert json.loads(stored["777"]) == {"n": 777, "old": 1}
    assert len(stored) == 2000
