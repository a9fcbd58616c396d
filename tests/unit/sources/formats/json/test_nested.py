from __future__ import annotations

import pytest

from sources.formats.json.nested import inner_list


@pytest.mark.parametrize(
    ("beginning", "rest"),
    [
        ('[{"a":1},{"a":2}],[{"a":3}]]', '{"a":1},{"a":2}],[{"a":3}]]'),
        (' [ {"a":1}, {"a', '{"a":1}, {"a'),
        ('{"page":1}, [{"a":1}]]', '{"a":1}]]'),
        ('{"page":1},[{"a":"cut', '{"a":"cut'),
        ('{"id":1},[{"id":2}]]', None),
        ('{"a":1},{"a":2}]', None),
        ('{"a":1},[{"a":2}],{"a":3}]', None),
        ('{"a":1},[1,2]]', None),
        ('[{"a":1},"x"]]', None),
        ('[{"a":1},{"a":]]', None),
        ('["a","b"],[1,2]]', None),
        ("[]]", None),
        ('{"a":', None),
    ],
)
def test_a_list_in_a_list_holds_the_records(beginning: str, rest: str | None) -> None:
    behind = inner_list(beginning.encode())
    assert (None if behind is None else beginning[behind:]) == rest
