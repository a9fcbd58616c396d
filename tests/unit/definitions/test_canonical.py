from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from definitions.canonical import canonical_json, canonical_number, stored_order
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from tests.engines import open_engine
from tests.unit.definitions.cases import CUSTOMERS, batch, definition, prop


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["1", "1.0", "1.", "+1", "01", "10e-1", "0.1E1"], "1"),
        (["9.5", "9.50", "95e-1"], "9.5"),
        (["100", "1e2", "1E+2", "100.00"], "100"),
        (["0", "-0", "0.000", "0e99", "-0.0"], "0"),
        (["-.5", "-0.50"], "-0.5"),
        (["1e20", "1" + "0" * 20], "1" + "0" * 20),
        (["1e21", "1" + "0" * 21, "10e20"], "1e21"),
        (["-15e300", "-1.50e301"], "-15e300"),
        (["1e-20", "0." + "0" * 19 + "1"], "0." + "0" * 19 + "1"),
        (["25e-40", "2.5e-39"], "25e-40"),
        (["1234567890" * 4, "1234567890" * 4 + ".0"], "123456789" + "0123456789" * 3 + "0"),
    ],
)
def test_equal_numbers_are_written_in_one_way(texts: list[str], number: str) -> None:
    assert {canonical_number(text) for text in texts} == {number}


@given(digits=st.integers(), power=st.integers(-300, 270))
def test_a_number_keeps_its_value_and_comes_out_of_json_and_cells_alike(
    digits: int, power: int
) -> None:
    text = f"{digits}e{power}"
    written = canonical_number(text)
    mapped = definition(
        CUSTOMERS, ids={"id": "i"}, properties=[prop("n", target="number"), prop("j", "j", "json")]
    )

    assert Decimal(written) == Decimal(text)
    assert canonical_number(written) == written
    assert canonical_json(text) == written
    if len(text) <= 400:
        cells = {"id": ["x"], "n": [text], "j": [text]}
        assert _properties(mapped, cells) == f'{{"j":{written},"n":{written}}}'


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('{"b": 1.0, "a": [1e2, -0, 2.50]}', '{"a":[100,0,2.5],"b":1}'),
        ('{"b":1, "a":{"d":1,"c":"1.0"}}', '{"a":{"c":"1.0","d":1},"b":1}'),
        ("12345678901234567890123.10", "12345678901234567890123.1"),
        ('"\\u00e9\\/"', '"é/"'),
        ('{"a":1,"a":2}', '{"a":2}'),
    ],
)
def test_equal_json_is_written_in_one_way(text: str, canonical: str) -> None:
    assert canonical_json(text) == canonical
    assert canonical_json(canonical) == canonical


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=JSON)
def test_json_means_what_it_meant(value: object) -> None:
    before = json.dumps(value)

    assert _exact(canonical_json(before)) == _exact(before)


def _exact(text: str) -> object:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def _properties(mapped: ImportDefinition, cells: dict[str, list[str]]) -> str:
    compiled = compile_mapping(mapped, tuple(cells))
    text: str = compiled.apply(batch(**cells), "a.csv").records.frame["properties"].item()
    return text


@pytest.mark.postgres
def test_postgresql_keeps_the_members_of_an_object_in_the_stored_order(
    empty_postgres_url: str,
) -> None:
    names = ["b", "a", "é", "aa", "z", "😀", "Z", "a b", "zz", "aé", "ab", "_", "long name", "1"]
    with open_engine(empty_postgres_url) as engine, engine.connect() as connection:
        query = text("SELECT jsonb_object_keys(CAST(:members AS jsonb))")
        kept = connection.execute(query, {"members": json.dumps(dict.fromkeys(names))})
        assert kept.scalars().all() == sorted(names, key=stored_order)
