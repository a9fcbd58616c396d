from __future__ import annotations

from pathlib import Path

import pytest

from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.nested import inner_list, items_of_result
from tests.reading import assert_resumable, seen_faults


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


RESULT = b'{"results":[{"columns":[{"name":"ID"},{"name":"NAME"}],"items":\n[\n'
ITEMS = b"\n,".join(b'{"id":%d,"name":"Jana"}' % number for number in range(50))


@pytest.mark.parametrize("records", [None, "results.items"])
@pytest.mark.parametrize("end", [b"]}]}\n", b"\n]\n }\n]}", b"]}]}"])
def test_the_items_of_a_result_are_the_records(
    tmp_path: Path, end: bytes, records: str | None
) -> None:
    (tmp_path / "f").write_bytes(RESULT + ITEMS + end)
    terms = ReadTerms(batch_size=100, layout=FileFormat(records=records))
    reader = JsonFormat(terms, block_size=200).open(tmp_path / "f", "f")
    assert (reader.header, reader.evidence["records"]) == (("id", "name"), "results.items")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [
        (str(number), "Jana") for number in range(50)
    ]
    assert not seen_faults(batches)
    assert_resumable(reader)


def test_a_further_result_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(RESULT + ITEMS + b']},{"columns":[],"items":[{"id":1}]}]}')
    batches = list(JsonFormat().open(tmp_path / "f", "f").batches())
    assert sum(batch.frame.height for batch in batches) == 50
    assert ["behind the end of the list" in fault.message for fault in seen_faults(batches)] == [
        True
    ]


@pytest.mark.parametrize(
    "text",
    [
        b'{"results":[{"id":1,"items":[{"id":1}]}]}',
        b'{"results":[{"columns":[{"name":"ID"}],"items":[]}]}',
        b'{"results":[{"columns":[{"name":"ID"}]},{"items":[{"id":1}]}]}',
        b'{"results":[]}',
    ],
)
def test_other_results_are_records_themselves(text: bytes) -> None:
    assert items_of_result(text) is None
