from __future__ import annotations

import json

import pytest

from definitions.faults import FaultCode
from sources.formats.json.record import NotARecordError, cells_of, read_record, without_halves


def cells(text: bytes) -> dict[str, str]:
    record = read_record(text)
    return dict(zip(record, cells_of([record], list(record)).frame.row(0), strict=True))


@pytest.mark.parametrize(
    "number",
    ["1", "0", "-0", "-0.0", "1.0", "1.10", "0.1", "1e5", "1E+05", "1.5e3", "0.00001", "0.0001",
     "12345678901234567890", "-98765432109876543210", "1234567890.12345678901", "1e400", "100.00",
     "0.10000000000000000001", "9007199254740993", "18446744073709551615"],
)  # fmt: skip
def test_numbers_stay_as_they_are_written_wherever_they_stand(number: str) -> None:
    text = f'{{"a":{number},"o":{{"b": {number} }},"l":[{number},{{"x":{number}}}]}}'
    assert cells(text.encode()) == {
        "a": number,
        "o.b": number,
        "l": f'[{number},{{"x":{number}}}]',
    }


def test_objects_are_flattened_and_other_values_become_text() -> None:
    text = '{"a":{"b":{"c":"x"}},"t":true,"f":false,"n":null,"e":{},"l":["ü",null,1],"s":" 007 "}'
    assert cells(text.encode()) == {
        "a.b.c": "x",
        "t": "true",
        "f": "false",
        "n": "",
        "l": '["ü",null,1]',
        "s": " 007 ",
    }


def test_the_last_of_equal_names_counts() -> None:
    assert cells(b'{"a":1,"a":2,"b":{"c":1},"b":{"c":2}}') == {"a": "2", "b.c": "2"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a.b":1,"a":{"b":2}}', {"a.b": "1", "a.b_2": "2"}),
        ('{"a":{"b":2},"a.b":1}', {"a.b_2": "2", "a.b": "1"}),
        ('{"a":{"b":{"c":1},"b.c":2},"a.b":{"c":3}}',
         {"a.b.c_3": "1", "a.b.c": "2", "a.b.c_2": "3"}),
        ('{"a":{"b":2},"a.b":1,"a.b_2":0,"":5}', {"a.b_3": "2", "a.b": "1", "a.b_2": "0", "": "5"}),
    ],
)  # fmt: skip
def test_names_that_only_flattening_makes_equal_are_told_apart_in_whatever_order(
    text: str, expected: dict[str, str]
) -> None:
    found = cells(text.encode())
    assert list(found.items()) == list(expected.items())


def test_what_is_nested_very_deeply_is_text() -> None:
    text = b'{"a":' * 40 + b"1" + b"}" * 40
    (name,) = cells(text)
    assert name == ".".join("a" * 33)
    assert json.loads(cells(text)[name]) == json.loads(b'{"a":' * 7 + b"1" + b"}" * 7)


def test_many_values_side_by_side_are_not_nested() -> None:
    assert cells(b'{"a":[' + b"[],{}," * 300 + b"1]}")["a"].count("{}") == 300


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"[1]", FaultCode.NOT_AN_OBJECT, "is no JSON object"),
        (b"null", FaultCode.NOT_AN_OBJECT, "is no JSON object"),
        (b'{"a":}', FaultCode.BROKEN_RECORD, "expecting value at character 6"),
        (b'{"a":nan}', FaultCode.BROKEN_RECORD, "expecting value at character 6"),
        (b'{"a":"\n"}', FaultCode.BROKEN_RECORD, "invalid control character at character 7"),
        (b'{"a":"\xff"}', FaultCode.BAD_ENCODING, "no text in the file's encoding"),
        (b'{"a":["\\ud800"]}', FaultCode.BAD_ENCODING, "half of a character pair"),
        (b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", FaultCode.BROKEN_RECORD, "too deeply"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, FaultCode.BROKEN_RECORD, "too deeply"),
        (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", FaultCode.BROKEN_RECORD, "too deeply"),
    ],
)
def test_what_is_no_record_tells_why(text: bytes, code: FaultCode, message: str) -> None:
    with pytest.raises(NotARecordError) as caught:
        read_record(text)
    assert caught.value.problem.code is code
    assert message in caught.value.problem.message


def test_what_is_no_number_stays_as_it_is_written() -> None:
    record = cells(b'{"a":NaN,"b":-Infinity,"c":[Infinity,1.10],"d":{"e":NaN}}')
    assert record == {"a": "NaN", "b": "-Infinity", "c": "[Infinity,1.10]", "d.e": "NaN"}


def test_halves_of_characters_are_replaced_and_pairs_stay() -> None:
    text = rb'{"a":"\ud83d","b":"\ud83d\ude00\ude00","c":"\\ud83d","d":"\uD83Dx' + b'\xff"}'
    found = cells(without_halves(text))
    assert found == {"a": "\ufffd", "b": "\U0001f600\ufffd", "c": "\\ud83d", "d": "\ufffdx\ufffd"}


def test_values_that_are_no_text_are_told_from_texts() -> None:
    lines = [
        b'{"a":1.10,"b":"x","c":null,"d":true,"e":"1"}',
        b'{"a":"1,5","b":"","c":null,"d":false,"e":{"f":2}}',
        b'{"a":null,"d":"yes"}',
    ]
    found = cells_of([read_record(line) for line in lines], ("a", "b", "c", "d", "e", "e.f"))
    typed = {name: cells.tolist() for name, cells in found.typed.items()}
    assert found.frame["a"].to_list() == ["1.10", "1,5", ""]
    assert typed == {"a": [1, 0, 1], "d": [1, 1, 0], "e.f": [1, 1, 1]}
