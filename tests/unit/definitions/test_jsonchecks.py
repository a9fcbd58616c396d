from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.canonical import canonical_json
from definitions.jsonchecks import any_json, holds_nul_escape, json_arrays
from tests.unit.definitions.cells import column


def json_of(text: str) -> str | None:
    """Return what becomes of one text."""
    found: str | None = any_json(column(text)).item()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "{'a': 1}",
        "NaN",
        "1e400",
        '"\\ud800"',
        '"\\u0000"',
        '"\\\\\\u0000"',
        '{"\\u0000": 1}',
        '{"\\u0000":1}',
        "1 2",
        '"\0"',
        "[" * 201 + "]" * 201,
        '{"a":' * 201 + "1" + "}" * 201,
        "[" * 5000 + "]" * 5000,
    ],
)
def test_json_that_some_database_or_reader_would_refuse_is_refused(text: str) -> None:
    assert json_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "0",
        '"x"',
        '{"a":[1,2],"b":1.1}',
        '"\\\\u0000"',
        "12345678901234567890123",
        "[" * 200 + "]" * 200,
        "[" + ",".join(["[1]"] * 500) + "]",
    ],
)
def test_other_json_is_kept(text: str) -> None:
    assert json_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("[1e-20000]", "[0]"), ("[0." + "0" * 20_000 + "1]", "[0]"), ('["70e12345"]',) * 2],
)
def test_numbers_inside_json_that_no_database_holds_are_rounded(text: str, value: str) -> None:
    assert json_of(text) == value


KEYS = st.text('ab"\\\\é:,{}', max_size=2)
SCALARS = st.sampled_from(
    [None, True, 0, -1, 9.5, 1.10, 1e22, -0.0, 10**20, "x", 'q"', "\\", "a:1,"]
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(KEYS, SCALARS, max_size=3)


@given(
    values=st.lists(st.dictionaries(KEYS, VALUES, max_size=3) | VALUES),
    tight=st.booleans(),
)
def test_the_neighbours_of_a_cell_do_not_change_what_it_becomes(
    values: list[object], *, tight: bool
) -> None:
    separators = (",", ":") if tight else None
    texts = [json.dumps(value, ensure_ascii=False, separators=separators) for value in values]

    assert any_json(column(*texts)).to_list() == list(map(canonical_json, texts))


PIECES = [
    "[1",
    "2]",
    '"a',
    'b"',
    "1,2",
    "1],[2",
    "",
    " 1 ",
    "[1, 2]",
    '{"a": [1]',
    "}",
    '"\\u0000"',
    ',"',
]


@given(texts=st.lists(st.sampled_from([*PIECES, '{"b": {}, "a": 1}', "[[]]", "{}", "0.00001"])))
def test_no_cell_reaches_into_its_neighbours(texts: list[str]) -> None:
    alone = [json_of(text) for text in texts]

    assert any_json(column(*texts)).to_list() == alone


def test_keys_that_come_twice_or_in_another_order_are_put_right() -> None:
    texts = ['{"a":1,"b":2}', '{"b":1,"a":2}', '{"a":1,"a":2}', '{"a":1,"b":2,"c":"x"}']
    assert any_json(column(*texts)).to_list() == [texts[0], '{"a":2,"b":1}', '{"a":2}', texts[3]]


def test_only_arrays_are_arrays() -> None:
    texts = column("[]", "[1, [2]]", "{}", '"[]"', "null", "[1", "")
    assert json_arrays(texts).to_list() == ["[]", "[1,[2]]", None, None, None, None, None]


def test_a_column_without_texts_stays_so() -> None:
    assert any_json(column("", "")).to_list() == [None, None]
    assert any_json(column()).to_list() == []


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (r'"\u0000"', True),
        (r'"a\u0000b"', True),
        (r'"\\\u0000"', True),
        (r'"\\u0000"', False),
        (r'"u0000"', False),
        (r'"\u00001"', True),
        (r'"\u0001"', False),
    ],
)
def test_an_escaped_nul_is_told_from_an_escaped_backslash(text: str, holds: bool) -> None:
    assert holds_nul_escape(text) is holds
