"""Which columns a mapping takes for what; serves BR33 and BR34."""

from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.errors import MissingColumnError
from definitions.mapping import compile_mapping
from definitions.model import EventDestination, ImportDefinition, Notation, PropertyMapping
from definitions.styles import Matter, Question, Styles
from definitions.written import COMMA, DateOrder
from tests.unit.definitions.cases import (
    CUSTOMERS,
    EVENTS,
    ITEMS,
    PURCHASES,
    batch,
    definition,
    prop,
    static,
)

MAIL = {"mail": "email_id"}


def records(mapped: ImportDefinition, **columns: list[str]) -> list[dict[str, object]]:
    """Return the records that columns become."""
    compiled = compile_mapping(mapped, tuple(columns))
    return compiled.apply(batch(**columns), "a.csv").records.frame.to_dicts()


def test_customers_have_ids_properties_and_perhaps_an_update_timestamp() -> None:
    mapped = definition(
        CUSTOMERS,
        ids={"mail": "email_id", "crm": "crm_id"},
        properties=[
            prop("mail", "email"),
            prop("age", target="number"),
            prop("changed", "update_timestamp", "timestamp"),
        ],
    )
    found = records(
        mapped,
        mail=[" a@x.cz ", ""],
        crm=["007", "8"],
        age=["30", ""],
        changed=["2024-01-31T10:15:00.5Z", ""],
    )
    assert found == [
        {
            "row": 1,
            "properties": '{"age":30,"email":" a@x.cz "}',
            "id.email_id": "a@x.cz",
            "id.crm_id": "007",
            "updated_at": 1706696100.5,
        },
        {
            "row": 2,
            "properties": "{}",
            "id.email_id": None,
            "id.crm_id": "8",
            "updated_at": None,
        },
    ]


def test_customers_without_an_update_timestamp_have_a_typed_column_for_it() -> None:
    compiled = compile_mapping(definition(CUSTOMERS, ids=MAIL), ("mail",))
    frame = compiled.apply(batch(mail=["a"]), "a.csv").records.frame
    assert {name: str(kind) for name, kind in frame.schema.items()} == {
        "row": "Int64",
        "properties": "String",
        "id.email_id": "String",
        "updated_at": "Float64",
    }


def test_an_update_timestamp_may_be_a_static_value() -> None:
    for value in ('"2024-01-31T10:15:00Z"', "1706696100"):
        mapped = definition(CUSTOMERS, ids=MAIL, properties=[static("update_timestamp", value)])
        assert records(mapped, mail=["a"])[0]["updated_at"] == 1706696100.0


def test_events_have_a_type_and_a_timestamp_and_typed_properties() -> None:
    mapped = definition(
        PURCHASES,
        ids=MAIL,
        timestamp="at",
        zone="Europe/Prague",
        properties=[
            prop("total", target="number"),
            prop("paid", target="boolean"),
            prop("tags", target="list"),
            prop("at", target="datetime"),
        ],
    )
    found = records(
        mapped, mail=["a"], at=["2024-07-01 12:00"], total=["9.90"], paid=["Yes"], tags=["x, y"]
    )
    assert found == [
        {
            "row": 1,
            "properties": '{"at":"2024-07-01T10:00:00Z","paid":true,"tags":["x","y"],"total":9.9}',
            "id.email_id": "a",
            "event_type": "purchase",
            "timestamp": 1719828000.0,
        }
    ]


def test_events_without_a_timestamp_column_have_no_explicit_timestamp() -> None:
    mapped = definition(PURCHASES, ids=MAIL, properties=[prop("timestamp")])
    found = records(mapped, mail=["a"], timestamp=["5"])
    assert (found[0]["timestamp"], found[0]["properties"]) == (None, '{"timestamp":"5"}')


@pytest.mark.parametrize(
    ("properties", "columns", "event_type", "stored"),
    [
        ([prop("kind", "event_type")], {"kind": [" view "]}, "view", "{}"),
        ([], {"event_type": ["view"]}, "view", "{}"),
        ([prop("kind")], {"kind": ["x"], " event_type ": ["view"]}, "view", '{"kind":"x"}'),
        ([prop("event_type", "kind")], {"event_type": ["view"]}, "view", '{"kind":"view"}'),
        ([static("event_type", '"view"')], {"event_type": ["x"]}, "view", "{}"),
    ],
)
def test_each_row_may_name_its_event_type(
    properties: list[PropertyMapping], columns: dict[str, list[str]], event_type: str, stored: str
) -> None:
    mapped = definition(EVENTS, ids=MAIL, properties=properties)
    found = records(mapped, mail=["a"], **columns)
    assert (found[0]["event_type"], found[0]["properties"]) == (event_type, stored)


def test_a_fixed_event_type_leaves_a_property_of_that_name_a_property() -> None:
    mapped = definition(PURCHASES, ids=MAIL, properties=[prop("event_type")])
    found = records(mapped, mail=["a"], event_type=["view"])
    assert (found[0]["event_type"], found[0]["properties"]) == ("purchase", '{"event_type":"view"}')


def test_catalog_items_take_their_key_from_a_property_exactly_as_written() -> None:
    mapped = definition(
        ITEMS,
        ids={"gone": "item_id", "also_gone": "sku"},
        properties=[prop("code", "item_id", "number"), prop("title")],
    )
    assert records(mapped, code=[" 007 "], title=["Chair"]) == [
        {"row": 1, "properties": '{"title":"Chair"}', "item_id": "007"}
    ]


def test_catalog_items_take_their_key_from_an_id_when_no_column_is_a_property_of_that_name() -> (
    None
):
    mapped = definition(ITEMS, ids={"x": "sku", "code": "item_id"}, properties=[prop("code")])
    assert records(mapped, code=["7"]) == [{"row": 1, "properties": '{"code":"7"}', "item_id": "7"}]


def test_static_values_are_in_every_row() -> None:
    mapped = definition(
        CUSTOMERS, ids=MAIL, properties=[static("tags", '["a{}"]'), static("b", "1"), prop("z")]
    )
    found = records(mapped, mail=["a", "b"], z=["", "x"])
    assert [row["properties"] for row in found] == [
        '{"b":1,"tags":["a{}"]}',
        '{"b":1,"z":"x","tags":["a{}"]}',
    ]


def test_properties_that_are_all_static_are_in_every_row() -> None:
    fixed = definition(CUSTOMERS, ids=MAIL, properties=[static("b", "1"), static("s", '"x"')])
    gone = definition(CUSTOMERS, ids=MAIL, properties=[prop("gone")])
    for count in (0, 1, 3):
        mails = [f"m{n}" for n in range(count)]
        found = [records(mapped, mail=mails) for mapped in (fixed, gone)]
        assert [row["properties"] for row in found[0]] == ['{"b":1,"s":"x"}'] * count
        assert [row["properties"] for row in found[1]] == ["{}"] * count


def test_one_column_may_serve_many_mappings_and_bear_any_name() -> None:
    names = ["value.0", "filled.0", "row", "properties", "rejected", "bad.0", "{}"]
    mapped = definition(CUSTOMERS, ids={"row": "row"}, properties=[*map(prop, names)])
    found = records(mapped, **{name: ["1"] for name in names})
    assert found[0]["id.row"] == "1"
    assert found[0]["properties"] == (
        '{"{}":"1","row":"1","bad.0":"1","value.0":"1","filled.0":"1","rejected":"1","properties":"1"}'
    )


@pytest.mark.parametrize(
    ("mapped", "header", "use"),
    [
        (definition(CUSTOMERS, ids=MAIL), ("Mail",), "id 'email_id'"),
        (definition(CUSTOMERS, ids={"crm": "c", **MAIL}), ("crm", "Mail"), "id 'email_id'"),
        (definition(ITEMS, properties=[prop("mail", "item_id")]), ("Mail",), "item id"),
        (definition(ITEMS, ids={"mail": "item_id"}), ("Mail",), "item id"),
        (definition(PURCHASES, ids={"a": "a"}, timestamp="mail"), ("a", "Mail"), "timestamp"),
        (
            definition(EVENTS, ids={"a": "a"}, properties=[prop("mail", "event_type")]),
            ("a", "Mail", "event_type"),
            "event type",
        ),
    ],
)
def test_a_lacking_key_column_is_named_with_its_use_and_the_nearest_column(
    mapped: ImportDefinition, header: tuple[str, ...], use: str
) -> None:
    with pytest.raises(MissingColumnError) as raised:
        compile_mapping(mapped, header)
    assert str(raised.value) == (
        f"column 'mail' ({use}) is not in the file: add it or correct the mapping, "
        f"or did you mean 'Mail'?; the file has {', '.join(map(repr, header))}"
    )


def test_all_lacking_key_columns_are_named_at_once() -> None:
    mapped = definition(EVENTS, ids={"mail": "a"}, timestamp="at")
    with pytest.raises(MissingColumnError) as raised:
        compile_mapping(mapped, ("x",))
    assert str(raised.value).count("is not in the file") == 3
    assert "column 'event_type' (event type)" in str(raised.value)


def test_a_catalog_needs_a_column_for_the_item_id() -> None:
    mapped = definition(ITEMS, ids={"a": "sku"}, properties=[static("item_id", '"x"')])
    with pytest.raises(MissingColumnError, match="no column is mapped to 'item_id'"):
        compile_mapping(mapped, ("a",))


def test_lacking_property_columns_are_warnings_and_stay_unset() -> None:
    mapped = definition(
        CUSTOMERS,
        ids=MAIL,
        properties=[prop("name"), prop("citi", "city"), prop("when", "update_timestamp")],
    )
    compiled = compile_mapping(mapped, ("mail", "name", "City"))
    frame = compiled.apply(batch(mail=["a"], name=["n"], City=["c"]), "a.csv").records.frame
    assert frame.rows() == [(1, '{"name":"n"}', "a", None)]
    lacking = "is not in the file: add it or correct the mapping"
    assert sorted(compiled.warnings) == [
        f"column 'citi' (property 'city') {lacking}, or did you mean 'City'?",
        f"column 'when' (property 'update_timestamp') {lacking}",
    ]


def test_a_timestamp_column_means_nothing_to_customers_and_catalogs() -> None:
    for mapped in (
        definition(CUSTOMERS, ids=MAIL, timestamp="gone"),
        definition(ITEMS, ids={"mail": "item_id"}, timestamp="gone"),
    ):
        assert len(records(mapped, mail=["a"])) == 1


def test_two_columns_of_one_id_fill_each_other_and_leave_no_row_without_an_id() -> None:
    """The first filled one counts; without any the row is rejected."""
    mapped = definition(CUSTOMERS, ids={"mail": "email", "mail2": "email"})
    cells = {"mail": ["x@1", "", "x@1", " "], "mail2": ["", "y@1", "z@1", ""]}

    result = compile_mapping(mapped, tuple(cells)).apply(batch(**cells), "a.csv")

    assert result.records.ids == ("email",)
    assert result.records.frame["id.email"].to_list() == ["x@1", "y@1", "x@1"]
    assert result.rejected == 1


def test_a_mapping_asks_of_each_column_once_what_the_definition_leaves_open() -> None:
    said = replace(prop("d", target="number"), notation=Notation(decimal=","))
    properties = [
        prop("a", "n", "number"),
        prop("a", "m", "number"),
        prop("a", "t", "date"),
        prop("b", "update_timestamp"),
        prop("gone", target="number"),
        prop("c"),
        said,
    ]
    mapped = definition(CUSTOMERS, ids=MAIL, properties=properties)

    assert compile_mapping(mapped, ("mail", "a", "b", "c", "d")).questions == (
        Question("b", Matter.DATES),
        Question("a", Matter.NUMBERS),
        Question("a", Matter.DATES),
    )


def test_answers_and_what_is_said_tell_how_columns_are_read() -> None:
    said = replace(prop("d", target="number"), notation=Notation(decimal=".", thousands=","))
    mapped = definition(
        PURCHASES, ids=MAIL, properties=[prop("n", target="number"), said], timestamp="at"
    )
    styles = Styles(numbers={"n": COMMA}, dates={"at": DateOrder.MONTH_FIRST})
    rows = batch(mail=["m"], n=["1.234,5"], d=["1,234"], at=["01/31/2024 10:15"])

    found = compile_mapping(mapped, ("mail", "n", "d", "at"), styles).apply(rows, "f")

    assert found.records.frame["properties"].to_list() == ['{"d":1234,"n":1234.5}']
    assert found.records.frame["timestamp"].to_list() == [1706696100.0]


def test_a_timestamp_column_may_have_a_format() -> None:
    mapped = definition(PURCHASES, ids=MAIL, timestamp="at", zone="Europe/Prague")
    said = replace(mapped, mapping=replace(mapped.mapping, timestamp_format="dd/MM/yyyy HH:mm"))
    compiled = compile_mapping(said, ("mail", "at"))

    found = compiled.apply(batch(mail=["m", "m"], at=["31/01/2024 11:15", "1700000000"]), "f")

    assert compiled.questions == ()
    assert found.records.frame["timestamp"].to_list() == [1706696100.0]
    assert [fault.code for fault in found.faults] == ["not_a_timestamp"]


def test_a_fixed_event_type_is_trimmed_as_a_cell_is() -> None:
    destination = EventDestination(event_type=" view ", triggers=False)
    assert records(definition(destination, ids=MAIL), mail=["a"])[0]["event_type"] == "view"
    fixed = definition(EVENTS, ids=MAIL, properties=[static("event_type", '" view "')])
    assert records(fixed, mail=["a"])[0]["event_type"] == "view"
