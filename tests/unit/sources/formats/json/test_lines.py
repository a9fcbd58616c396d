from __future__ import annotations

import pytest

from sources.formats.json.lines import is_by_line


@pytest.mark.parametrize(
    ("sample", "is_so"),
    [
        (b'{"a":1}\n{"a":2}\n', True),
        (b'{"a":1}\n{"a":\n', True),
        (b'{"a":\n{"a":2}\n', True),
        (b'{"a":\n{"a":\n{"a":3}\n', False),
        (b'{"a":1}\n', False),
        (b'{"a":1}{"a":2}\n{"a":3}\n', False),
        (b'{\n"a":1\n}\n', False),
    ],
)
def test_lines_are_records_if_the_first_or_half_of_them_are(sample: bytes, is_so: bool) -> None:
    assert is_by_line(sample, complete=True) is is_so
