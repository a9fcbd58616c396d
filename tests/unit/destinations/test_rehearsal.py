"""Records end in a rehearsal as they would in earnest, and nothing of it is there afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Records, Tally
from definitions.model import ImportDefinition
from destinations.registry import open_destination
from destinations.rehearsal import TABLES, Rehearsal
from tests.loading import (
    CustomerRow,
    EventRow,
    ItemRow,
    context,
    customer_records,
    event_records,
    item_records,
)
from tests.unit.definitions.cases import CUSTOMERS, ITEMS, PURCHASES, definition, prop

CASES = {
    "customers": (
        definition(CUSTOMERS, ids={"a": "a", "b": "b"}, properties=[prop("n")]),
        customer_records(
            [
                CustomerRow(ids={"a": "1"}, properties={"n": 1.5, "text": "x"}),
                CustomerRow(ids={"a": "2", "b": "two"}, properties={"n": 2}),
            ]
        ),
        customer_records(
            [
                CustomerRow(ids={"a": "1"}, properties={"n": 1.5}),
                CustomerRow(ids={"b": "two"}, properties={"n": 3}),
                CustomerRow(ids={"a": "new"}, properties={"n": 4}),
                CustomerRow(ids={"a": "new"}, properties={"n": 4}),
            ]
        ),
        Tally(read=4, created=1, updated=1, unchanged=2),
    ),
    "events": (
        definition(PURCHASES, ids={"a": "a"}, properties=[prop("n")]),
        event_records([EventRow(ids={"a": "1"}, timestamp=5.0, properties={"n": 1})]),
        event_records(
            [
                EventRow(ids={"a": "1"}, timestamp=5.0, properties={"n": 1}),
                EventRow(ids={"a": "1"}, timestamp=6.0, properties={"n": 1}),
                EventRow(ids={"a": "9"}, timestamp=None, properties={"n": 1}),
                EventRow(ids={"a": "1"}, timestamp=6.0, properties={"n": 1}),
            ]
        ),
        Tally(read=4, created=2, skipped=2),
    ),
    "catalogs": (
        definition(ITEMS, properties=[prop("item_id"), prop("n")]),
        item_records([ItemRow(item_id="1", properties={"n": 1}), ItemRow(item_id="2")]),
        item_records(
            [
                ItemRow(item_id="1", properties={"n": 1}),
                ItemRow(item_id="2", properties={"n": 2}),
                ItemRow(item_id="3", properties={"n": 3}),
            ]
        ),
        Tally(read=3, created=1, updated=1, unchanged=1),
    ),
}


def dump(engine: Engine) -> dict[str, list[str]]:
    """Return everything in the tables of loaded data."""
    with engine.begin() as connection:
        return {
            table.name: sorted(repr(row) for row in connection.execute(sa.select(table)))
            for table in TABLES
        }


def load_really(engine: Engine, made: ImportDefinition, records: Records) -> Tally:
    with engine.begin() as connection:
        destination = open_destination(connection, made, context())
        return destination.write(connection, records)


@pytest.mark.parametrize("kind", list(CASES))
@pytest.mark.parametrize("samples", [0, 2, 99])
def test_records_end_as_in_earnest_and_nothing_is_written(
    engine: Engine, tmp_path: Path, kind: str, samples: int
) -> None:
    made, before, records, expected = CASES[kind]
    load_really(engine, made, before)
    known = dump(engine)
    rehearsal = Rehearsal(engine, tmp_path / "r.db", made, context(run_id="b" * 24))

    first, seen = rehearsal.write(records, samples)
    again, _ = rehearsal.write(records, 0)
    rehearsal.close()

    assert dump(engine) == known
    assert first == expected
    assert (again.created, again.updated) == (0, 0)  # what was rehearsed before is known
    assert len(seen) == min(samples, records.frame.height)
    assert load_really(engine, made, records) == expected


def test_samples_show_a_record_before_and_after(engine: Engine, tmp_path: Path) -> None:
    made, before, records, _ = CASES["customers"]
    load_really(engine, made, before)
    rehearsal = Rehearsal(engine, tmp_path / "r.db", made, context())

    _, samples = rehearsal.write(records, 3)
    rehearsal.close()

    def loaded(text: str | None) -> object:
        return None if text is None else json.loads(text)

    seen = [(s.row, s.outcome, s.keys, loaded(s.before), loaded(s.after)) for s in samples]
    same = {"n": 1.5, "text": "x"}
    assert seen == [
        (1, "unchanged", {"a": "1"}, same, same),
        (2, "updated", {"b": "two"}, {"n": 2}, {"n": 3}),
        (3, "created", {"a": "new"}, None, {"n": 4}),
    ]


def test_a_rehearsal_begins_anew_where_another_was_cut_off(engine: Engine, tmp_path: Path) -> None:
    made, _, records, _ = CASES["catalogs"]
    for _attempt in range(2):
        rehearsal = Rehearsal(engine, tmp_path / "r.db", made, context())
        assert rehearsal.write(records, 0)[0] == Tally(read=3, created=3)
        rehearsal.close()


def test_no_record_is_no_work(engine: Engine, tmp_path: Path) -> None:
    made, _, records, _ = CASES["catalogs"]
    nothing = Records(frame=records.frame.head(0), ids=())
    rehearsal = Rehearsal(engine, tmp_path / "r.db", made, context())

    assert rehearsal.write(nothing, 5) == (Tally(), [])
    rehearsal.close()
