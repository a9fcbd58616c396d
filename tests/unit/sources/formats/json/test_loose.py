from __future__ import annotations

import pytest

from sources.formats.json.loose import LONGEST, mend


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'a': 'it\"s', b_1: \"it's\"}", '{"a":"it\\"s","b_1":"it\'s"}'),
        ('{"a": [1, 2,], "b": {},}', '{"a":[1,2],"b":{}}'),
        ('{"a": 1, // one, {two}\n /* "three */ "b": 2 # end\n}', '{"a": 1,"b":2}'),
        (
            '{"a": "\\"", "b" : -1.5e3, "c": "x\ny", "d":0,}',
            '{"a": "\\"", "b" : -1.5e3,"c":"x\\u000ay", "d":0}',
        ),
        ('{"a": "x\ty\nz"}', '{"a":"x\\u0009y\\u000az"}'),
        ("{'a': 'it\\'s \\x41\\\nb \\u00e9 \\n'}", '{"a":"it\'s \\u0041b \\u00e9 \\n"}'),
        (
            "{a: +1, b: .5, c: 5., d: 0x1F, e: 007, f: -1.50e3}",
            '{"a":1,"b":0.5,"c":5,"d":31,"e":"007","f":-1.50e3}',
        ),
        (
            "{'a': True, 'b': None, 'c': nan, 'd': undefined, 'e': -Infinity}",
            '{"a":true,"b":null,"c":NaN,"d":null,"e":-Infinity}',
        ),
        (
            "{_id: ObjectId(\"5f\"), n: NumberLong(5), d: ISODate('2')}",
            '{"_id":"5f","n":"5","d":"2"}',
        ),
    ],
)
def test_what_is_certainly_meant_is_written_as_json(text: str, expected: str) -> None:
    found = mend(f"  {text} rest")
    assert (found.json, found.end, found.is_cut) == (expected, len(text) + 2, False)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "say "hi" now"}',
        '{"a": "C:\\dir"}',
        '{"a": [1,,2]}',
        '{"a": 1 "b": 2}',
        '{"a": yes}',
        '{"a": f(1)}',
        '{"a": 1]',
        "'text'",
        "{" + '"a":{' * 100,
    ],
)
def test_what_can_be_read_in_several_ways_is_left_alone(text: str) -> None:
    found = mend(text + " , 0")
    assert (found.json, found.is_cut) == ("", False)


@pytest.mark.parametrize("size", range(1, 40))
def test_the_beginning_of_such_an_object_may_go_on(size: int) -> None:
    text = "{'a': 'b\\'c', d: /* e */ [1.5, True]} "[:40]
    assert mend(text[:size]).is_cut == (size < text.index("}") + 1)


def test_a_longer_one_is_not_looked_at() -> None:
    assert not mend("{a: '" + "x" * LONGEST).is_cut
