"""What becomes of good and bad rows; serves BR33 and BR34."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions import compiled
from definitions.batches import Batch
from definitions.compiled import Mapped
from definitions.faults import MOST_FAULTS, Fault, FaultCode
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from definitions.text_column import TextColumn
from tests.unit.definitions.cases import (
    CUSTOMERS,
    EVENTS,
    ITEMS,
    PURCHASES,
    batch,
    batch_from,
    definition,
    prop,
)

TWO_IDS = {"mail": "email_id", "crm": "crm_id"}
TYPED = [prop("age", target="number"), prop("vip", target="boolean"), prop("name")]


def mapped(imported: ImportDefinition, rows: Batch) -> Mapped:
    return compile_mapping(imported, tuple(rows.frame.columns)).apply(rows, "a.csv")


def found(result: Mapped) -> list[tuple[int, str | None, str, bool]]:
    """Return row, column, code and rejection of each fault."""
    return [(f.row, f.column, f.code, f.rejects_row) for f in result.faults]


def test_the_example_in_the_docstring_is_what_is_made_of_its_batch() -> None:
    rows = batch(sku=["A", "", "B"], price=["9.50", "1", "x"])
    imported = definition(
        ITEMS, ids={"sku": "item_id"}, properties=[prop("price", target="number")]
    )
    mapping = compile_mapping(imported, ("sku", "price"))
    cells = rows.frame.insert_column(0, pl.Series("row", rows.rows))
    result = mapping.apply(rows, "a.csv")
    values = [each.conversion(TextColumn.of(cells[each.column])).values for each in mapping.columns]
    numbered = {f"value.{number}": each for number, each in enumerate(values)}
    faults = sorted(result.faults, key=attrgetter("rejects_row"))
    made = [
        *labelled("batch", table(cells)),
        *labelled("values", table(pl.DataFrame({"row": rows.rows, **numbered}))),
        *labelled("troubles", map(told, faults)),
        *labelled("records", table(result.records.frame)),
    ]
    drawn = (compiled.__doc__ or "").split("```")[1].strip().splitlines()
    assert [line.partition("  of the")[0].rstrip() for line in drawn] == made


def labelled(label: str, lines: Iterable[str]) -> list[str]:
    return [f"{label if place == 0 else '':10}{line}" for place, line in enumerate(lines)]


def table(frame: pl.DataFrame) -> list[str]:
    """Return the lines of a table with its columns aligned."""
    texts = frame.cast(pl.String).with_columns(pl.all().replace("", '""').fill_null("null"))
    columns = [[name, *cells] for name, cells in texts.to_dict(as_series=False).items()]
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def told(fault: Fault) -> str:
    end = ", rejects the row" if fault.rejects_row else ""
    return f"{fault.column} in row {fault.row}: {fault.code}{end}"


def test_a_bad_cell_is_left_out_and_the_rest_of_its_row_is_kept() -> None:
    rows = batch(mail=["a"], age=["12,5"], vip=["yes"], name=["N"])
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=TYPED), rows)
    assert result.records.frame["properties"].to_list() == ['{"vip":true,"name":"N"}']
    assert result.rejected == 0
    assert result.faults == (
        Fault(
            file="a.csv",
            row=1,
            line=2,
            column="age",
            value="12,5",
            code=FaultCode.NOT_A_NUMBER,
            message=(
                "'12,5' is not a number: use a decimal point, or say decimal ',' in its mapping"
            ),
            rejects_row=False,
        ),
    )


def test_faults_come_in_file_order_one_per_bad_cell_with_row_and_line() -> None:
    rows = batch_from(
        41,
        mail=["a", "", "c", "d"],
        age=["x", "1", "y", ""],
        vip=["maybe", "t", "1", ""],
        name=["", "", "\0", ""],
    )
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=TYPED), rows)
    assert found(result) == [
        (41, "age", "not_a_number", False),
        (41, "vip", "not_a_boolean", False),
        (42, "vip", "not_a_boolean", True),
        (42, "mail", "missing_key", True),
        (43, "age", "not_a_number", False),
        (43, "name", "nul_character", False),
    ]
    assert [fault.line for fault in result.faults] == [82, 82, 84, 84, 86, 86]
    assert result.rejected == 1
    assert result.records.frame["row"].to_list() == [41, 43, 44]


def test_a_row_needs_one_id_and_the_empty_ones_are_absent() -> None:
    rows = batch(mail=["a", "", " "], crm=["", "2", ""])
    result = mapped(definition(CUSTOMERS, ids=TWO_IDS), rows)
    frame = result.records.frame
    assert frame.select("row", "id.email_id", "id.crm_id").rows() == [
        (1, "a", None),
        (2, None, "2"),
    ]
    assert result.records.ids == ("email_id", "crm_id")
    assert found(result) == [(3, None, "missing_key", True)]
    assert result.faults[0].message == "the row has no id: fill 'mail' or 'crm'"
    assert result.faults[0].value is None


def test_a_bad_id_rejects_its_row_although_another_id_is_good() -> None:
    rows = batch(mail=["a\0", "b", "c"], crm=["1", "k" * 513, "3"])
    result = mapped(definition(CUSTOMERS, ids=TWO_IDS), rows)
    assert found(result) == [
        (1, "mail", "nul_character", True),
        (2, "crm", "key_too_long", True),
    ]
    assert result.records.frame["row"].to_list() == [3]
    assert result.rejected == 2


def test_a_lone_bad_id_is_bad_and_not_missing_as_well() -> None:
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}), batch(mail=["\0"]))
    assert found(result) == [(1, "mail", "nul_character", True)]


def test_a_bad_update_timestamp_costs_the_row_nothing_but_its_time() -> None:
    properties = [prop("at", "update_timestamp", "timestamp"), prop("name")]
    rows = batch(mail=["a"], at=["yesterday"], name=["N"])
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=properties), rows)
    assert found(result) == [(1, "at", "not_a_timestamp", False)]
    assert result.records.frame.rows() == [(1, '{"name":"N"}', "a", None)]


def test_a_bad_or_empty_event_timestamp_rejects_the_row() -> None:
    rows = batch(mail=["a", "a", "a"], at=["1700000000.5", "soon", " "])
    result = mapped(definition(PURCHASES, ids={"mail": "m"}, timestamp="at"), rows)
    assert found(result) == [
        (2, "at", "not_a_timestamp", True),
        (3, "at", "missing_key", True),
    ]
    assert result.faults[1].message == "the row has no timestamp: fill 'at'"
    assert result.faults[1].value == " "
    assert result.records.frame["timestamp"].to_list() == [1700000000.5]


def test_an_empty_event_type_rejects_the_row() -> None:
    rows = batch(mail=["a", "a"], event_type=["view", ""])
    result = mapped(definition(EVENTS, ids={"mail": "m"}), rows)
    assert found(result) == [(2, "event_type", "missing_key", True)]
    assert result.faults[0].message == "the row has no event type: fill 'event_type'"


def test_an_empty_item_id_rejects_the_row() -> None:
    rows = batch(code=["", "7"], name=["x", "y"])
    properties = [prop("code", "item_id", "number"), prop("name")]
    result = mapped(definition(ITEMS, properties=properties), rows)
    assert found(result) == [(1, "code", "missing_key", True)]
    assert result.records.frame.rows() == [(2, '{"name":"y"}', "7")]


def test_a_row_with_several_bad_keys_is_rejected_once() -> None:
    rows = batch(mail=["", "b"], event_type=["", "view"], at=["x", "1"])
    result = mapped(definition(EVENTS, ids={"mail": "m"}, timestamp="at"), rows)
    assert len(result.faults) == 3
    assert result.rejected == 1


def test_of_each_rejected_row_the_first_trouble_that_rejects_it_is_told() -> None:
    rows = batch(
        mail=["", "b", "c\0", "d"], event_type=["", "", "view", "view"], age=["x", "x", "1", "x"]
    )
    properties = [prop("age", target="number")]
    result = mapped(definition(EVENTS, ids={"mail": "m"}, properties=properties), rows)
    told = [(each.spot, each.code, each.column, each.faults) for each in result.rejections()]
    assert told == [
        (0, "missing_key", "mail", 3),
        (1, "missing_key", "event_type", 2),
        (2, "nul_character", "mail", 1),
    ]
    assert result.bad("age").tolist() == [True, True, False, True]
    assert result.bad("mail").tolist() == [True, False, True, False]


def test_a_cell_that_is_bad_in_the_same_way_twice_is_reported_once() -> None:
    rows = batch(mail=["a\0"])
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=[prop("mail")]), rows)
    assert found(result) == [(1, "mail", "nul_character", True)]


def test_a_cell_that_is_bad_in_two_ways_is_one_fault_and_counted_once() -> None:
    properties = [prop("a", "n", "number"), prop("a", "b", "boolean"), prop("a", "d", "date")]
    rows = batch(mail=["m", "m"], a=["x", "2"])
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=properties), rows)
    assert found(result) == [(1, "a", "not_a_number", False), (2, "a", "not_a_boolean", False)]
    assert result.fault_count == 2


def test_of_very_many_faults_only_the_first_are_made_but_all_are_counted() -> None:
    """A small file of bad cells must not become gigabytes of faults."""
    height = 2 * MOST_FAULTS // 3 + 5
    names = ("a", "b", "c")
    cells = {"mail": ["m", ""] * (height // 2 + 1)}
    columns = {**cells, **{name: ["x"] * len(cells["mail"]) for name in names}}
    numbers = [prop(name, target="number") for name in names]
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=numbers), batch(**columns))
    read = len(cells["mail"])
    assert result.fault_count == 3 * read + read // 2
    assert result.rejected == read // 2
    assert len(result.faults) == MOST_FAULTS
    assert [(fault.row, fault.column) for fault in result.faults] == [
        (row, column)
        for row in range(1, read + 1)
        for column in (*names, *(["mail"] if row % 2 == 0 else []))
    ][:MOST_FAULTS]


@pytest.mark.parametrize("most", [0, 1, 4])
def test_no_more_faults_are_made_than_are_wanted(most: int) -> None:
    imported = definition(CUSTOMERS, ids={"mail": "m"}, properties=[prop("a", target="number")])
    rows = batch(mail=["m", "", "m"], a=["x", "y", "z"])
    compiled = compile_mapping(imported, ("mail", "a"))
    result, whole = compiled.apply(rows, "a.csv", most), compiled.apply(rows, "a.csv")
    assert result.faults == whole.faults[:most]
    assert (result.fault_count, result.rejected) == (4, 1)


def test_a_long_value_is_cut() -> None:
    rows = batch(mail=["a"], age=["x" * 1000], vip=[""], name=[""])
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=TYPED), rows)
    assert result.faults[0].value == "x" * 200


@pytest.mark.parametrize("cells", [[], ["", ""]])
def test_a_batch_may_leave_no_records(cells: list[str]) -> None:
    rows = batch(mail=cells, age=cells, vip=cells, name=cells)
    result = mapped(definition(CUSTOMERS, ids={"mail": "m"}, properties=TYPED), rows)
    assert result.records.frame.shape == (0, 4)
    assert result.rejected == len(cells)


CELLS = st.text() | st.sampled_from(["", " ", "1", "true", "a\0", "2024-01-01", "k" * 600])


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS)))
def test_every_row_is_a_record_or_rejected_and_every_fault_tells_which(
    rows: list[tuple[str, ...]],
) -> None:
    columns = dict(zip(["mail", "at", "age", "vip", "name"], zip(*rows, strict=True), strict=False))
    read = batch(
        **{name: list(columns.get(name, ())) for name in ("mail", "at", "age", "vip", "name")}
    )
    result = mapped(
        definition(PURCHASES, ids={"mail": "m"}, properties=TYPED, timestamp="at"), read
    )
    rejected = {fault.row for fault in result.faults if fault.rejects_row}
    kept = result.records.frame["row"].to_list()
    assert len(rejected) == result.rejected
    assert len(result.faults) == result.fault_count
    assert sorted([*rejected, *kept]) == list(range(1, len(rows) + 1))
    assert not {fault.row for fault in result.faults if not fault.rejects_row} & rejected
    for row, properties in result.records.frame.select("row", "properties").rows():
        name = rows[row - 1][4]
        assert orjson.loads(properties).get("name", "") == ("" if "\0" in name else name)
