from __future__ import annotations

import json
from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.turning import LONGEST, may_be_columns, turned
from tests.reading import assert_resumable, numbered

HOURS = {"time": [f"{hour:02}:00" for hour in range(10)], "wind": list(range(10))}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"id": [1, 2], "n": ["x", null]}', '{"id":1,"n":"x"}\n{"id":2,"n":null}\n'),
        ('{"id": {"0": 1.10}, "n": {"0": "x"}}', None),
        (
            '{"a": {"0": 1.10, "1": 2e5}, "b": {"0": "x", "1": ""}}\n',
            '{"a":1.10,"b":"x"}\n{"a":2e5',
        ),
        (json.dumps({"place": "Brno", "hours": HOURS}), '{"time":"00:00","wind":0}\n{"time":"01'),
        (json.dumps({"name": "shirt", "has": {"size": [1, 2, 3], "hue": ["r", "g", "b"]}}), None),
        (
            '{"a_units": {"t": "s", "n": "mm"}, "a": {"t": [1, 2], "n": [3, 4]}}',
            '{"t":1,"n":3}\n{"t":2,"n":4}\n',
        ),
        ('{"a_units": {"t": "s"}, "a": {"t": [1, 2], "n": [3, 4]}}', None),
        ('{"a_units": {"t": "s", "n": "mm"}, "a": {"t": [1], "n": [3]}}', None),
        ('{"id": [1, 2], "n": ["x"]}', None),
        ('{"id": [1, 2], "n": "x"}', None),
        ('{"id": [1], "n": ["x"]}', None),
        ('{"id": [1, 2]}', None),
        ('{"id": [1, 2], "n": [[1], [2]]}', None),
        ('{"a": {"0": 1, "2": 2}, "b": {"0": 1, "2": 2}}', None),
        ('{"id": [1, 2], "n": [3, 4]} {"id": [1, 2], "n": [3, 4]}', None),
        ('{"id": [1, 2], "n": ["\\ud83d", 4]}', None),
        ('{"id": [1, 2], "n": [3', None),
        ("[1, 2]", None),
    ],
)
def test_lists_of_one_length_are_the_columns_of_a_table(text: str, lines: str | None) -> None:
    found = turned(text.encode(), frozenset(), "f")
    begins = found is not None and lines is not None and found.lines.decode().startswith(lines)
    assert begins or (found is None and lines is None)


def test_the_names_of_the_object_tell_if_they_are_wanted() -> None:
    text = b'{"id": {"0": 1, "1": 2}, "n": {"0": 3, "1": 4}}'
    assert turned(text, frozenset({"id", "n.0"}), "f") is not None
    assert turned(text, frozenset({"id.0", "n.0"}), "f") is None


def test_what_is_too_long_is_refused_if_it_is_surely_a_table() -> None:
    cells = ",".join(f'"{number}":"{number:07}"' for number in range(LONGEST // 16))
    text = f'{{"id":{{{cells}}},"n":{{{cells}}}}}'.encode()
    assert may_be_columns(text[:1000], complete=False)
    with pytest.raises(FormatError, match="'f' holds its table column by column, in more than"):
        turned(text[: LONGEST + 1], frozenset(), "f")
    assert not may_be_columns(b'{"id": 7, "n": [1', complete=False)


def test_a_table_by_columns_is_read_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(json.dumps({"id": list(range(90)), "n": ["x"] * 90}))
    reader = JsonFormat(ReadTerms(batch_size=100)).open(tmp_path / "f", "f")
    assert (reader.header, reader.evidence["layout"]) == (("id", "n"), "columns")
    batches = list(reader.batches())
    assert [row[0] for batch in batches for row in batch.frame.rows()] == list(map(str, range(90)))
    assert numbered(batches) == (list(range(1, 91)), list(range(1, 91)))
    assert_resumable(reader)
    terms = ReadTerms(layout=FileFormat(records="$"))
    assert JsonFormat(terms).open(tmp_path / "f", "f").evidence["layout"] == "object"
