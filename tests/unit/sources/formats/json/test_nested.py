from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from definitions.errors import FormatError
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
        ('[{"a":1},{"a":]]', '{"a":1},{"a":]]'),
        ('[{"a":},{"a":1}]]', None),
        ('{"page":1},[{"a":1},{"a":}]]', '{"a":1},{"a":}]]'),
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


SERIES = (
    '{"results":[{"statement_id":0,"series":[{"name":"cpu","columns":["time","v"],\n"values":[\n'
    + "\n,".join(f'["2026-01-01",{number}]' for number in range(50))
    + "]}]}]}\n"
)


def test_the_values_of_one_series_are_rows_also_where_some_are_broken(tmp_path: Path) -> None:
    text = SERIES.replace(",17]", ",17,0]").replace(",30]", ",3x]")
    (tmp_path / "f").write_text(text)
    reader = JsonFormat(ReadTerms(batch_size=100), block_size=200).open(tmp_path / "f", "f")
    assert (reader.header, reader.evidence["records"]) == (("time", "v"), "results.series.values")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [
        ("2026-01-01", str(number)) for number in range(50) if number not in {17, 30}
    ]
    assert [(fault.row, fault.line) for fault in seen_faults(batches)] == [(18, 20), (31, 33)]
    assert_resumable(reader)


@pytest.mark.parametrize(
    "text",
    [
        SERIES.replace('"columns"', '"tags":{"host":"a"},"columns"'),
        SERIES.replace('"time"', "1"),
        SERIES.replace('"v"', '"time"'),
        SERIES.replace("values", "points"),
        SERIES.replace("columns", "points"),
        SERIES.replace("series", "other"),
        SERIES + SERIES,
    ],
)
def test_other_series_are_not_read_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "f").write_text(text.replace("[1]", "[1,,]").replace(",17]", ",17,]"))
    with suppress(FormatError):
        reader = JsonFormat().open(tmp_path / "f", "f")
        assert reader.evidence.get("records") != "results.series.values"


def test_the_mapping_may_want_the_whole_of_a_series(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(SERIES.replace(",17]", ",17,0]"))
    reader = JsonFormat(ReadTerms(wanted=frozenset({"series"}))).open(tmp_path / "f", "f")
    assert reader.header == ("statement_id", "series")


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
