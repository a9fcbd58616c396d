from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations.merging import Moment, dump_json, merged, merged_at

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('ab"\\é', max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
objects = st.dictionaries(st.text('abc"\\ :,{}é', max_size=3), json_values, max_size=4)


def spaced(value: object) -> str:
    """Write JSON as PostgreSQL does: with spaces, in another order."""
    return json.dumps(value, ensure_ascii=False)


@given(stored=objects, new=objects)
def test_members_of_the_write_replace_stored_ones_as_a_whole(
    stored: dict[str, object], new: dict[str, object]
) -> None:
    expected = dump_json(stored | new)

    for before in (dump_json(stored), spaced(stored)):
        for write in (dump_json(new), spaced(new)):
            assert dump_json(json.loads(merged(before, write))) == expected


@given(stored=objects)
def test_writing_what_is_stored_changes_no_letter(stored: dict[str, object]) -> None:
    before = spaced(stored)

    assert merged(before, dump_json(stored)) == before
    assert merged(before, "{}") == before


@pytest.mark.parametrize(
    ("stored", "new", "after"),
    [
        ('{"a":{"x":1,"y":2}}', '{"a":{"x":1}}', '{"a":{"x":1}}'),
        ('{"a":1}', '{"a":null}', '{"a":null}'),
        ('{"a":1}', '{"a":true}', '{"a":true}'),
        ('{"a":1.0}', '{"a":1}', '{"a":1.0}'),
        ('{"a":0.1}', '{"a":0.10000000000000000000001}', '{"a":0.10000000000000000000001}'),
        ('{"b":1.50,"c":99999999999999999999}', '{"a":1e2}',
         '{"a":1e2,"b":1.50,"c":99999999999999999999}'),
        ('{"a":"x,\\"y\\":{"}', '{"b":[1, 2]}', '{"a":"x,\\"y\\":{","b":[1, 2]}'),
        ('{"a": "A"}', '{"a":"\\u0041"}', '{"a": "A"}'),
    ],
)  # fmt: skip
def test_values_move_as_they_are_written(stored: str, new: str, after: str) -> None:
    assert merged(stored, new) == after


def at(time: float | None, *, stamps: bool = False) -> Moment:
    return Moment(at=time, now=100.0, stamps=stamps)


@pytest.mark.parametrize(
    ("written", "moment", "after"),
    [
        (None, at(None), ('{"a":2,"b":2}', None)),
        (None, at(None, stamps=True), ('{"a":2,"b":2}', '{"a":100,"b":100}')),
        (None, at(7.5), ('{"a":2,"b":2}', '{"a":7.5,"b":7.5}')),
        ('{"a":8}', at(7.5), ('{"a":1,"b":2}', '{"a":8,"b":7.5}')),
        ('{"a":7.5}', at(7.5), ('{"a":2,"b":2}', '{"a":7.5,"b":7.5}')),
        ('{"a":800}', at(None), ('{"a":2,"b":2}', '{"a":100}')),
        ('{"a":800}', at(None, stamps=True), ('{"a":2,"b":2}', '{"a":100,"b":100}')),
    ],
)
def test_the_last_write_of_a_property_wins(
    written: str | None, moment: Moment, after: tuple[str, str | None]
) -> None:
    assert merged_at('{"a":1,"b":1}', written, '{"a":2,"b":2}', moment) == after


def test_an_outdated_write_changes_no_letter() -> None:
    stored, written = '{"a": 1}', '{"a": 9}'

    assert merged_at(stored, written, '{"a":2}', at(8.0)) == (stored, written)


def test_whole_numbers_of_any_length_are_written() -> None:
    assert dump_json({"b": 2**70, "a": "é"}) == f'{{"a":"é","b":{2**70}}}'
