"""XML files as batches."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from definitions.errors import FormatError
from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.xml import XmlFormat
from sources.formats.xml.reader import XmlReader
from tests.reading import assert_resumable, numbered, seen_faults


def opened(tmp_path: Path, data: bytes, terms: ReadTerms | None = None) -> XmlReader:
    (tmp_path / "f").write_bytes(data)
    return XmlFormat(terms or ReadTerms()).open(tmp_path / "f", "people.xml")


TEXT = st.text(alphabet="ab <>&\"'é😀\t", max_size=6)
NAMES = st.sampled_from(["a", "b", "tag"])
RECORDS = st.lists(
    st.tuples(TEXT, st.dictionaries(NAMES, st.lists(TEXT, min_size=1, max_size=3))),
    min_size=2,
    max_size=8,
)


def document(records: list[tuple[str, dict[str, list[str]]]]) -> bytes:
    root = ET.Element("list")
    for number, children in records:
        record = ET.SubElement(root, "row", {"number": number})
        for name, texts in children.items():
            for text in texts:
                ET.SubElement(record, name).text = text
    return bytes(ET.tostring(root, encoding="utf-8"))


def stripped(text: str) -> str:
    return "" if text.isspace() else text


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=RECORDS, size=st.integers(1, 200), packed=st.booleans())
def test_what_was_written_comes_back_with_pieces_of_any_size(
    records: list[tuple[str, dict[str, list[str]]]], size: int, packed: bool, tmp_path: Path
) -> None:
    data = document(records)
    reader = opened(tmp_path, gzip.compress(data) if packed else data, ReadTerms(batch_size=size))
    lists = {name for _, children in records for name, texts in children.items() if texts[1:]}
    batches = list(reader.batches())
    rows = [dict(zip(reader.header, row, strict=True)) for b in batches for row in b.frame.rows()]
    for row, (number, children) in zip(rows, records, strict=True):
        expected = dict.fromkeys(reader.header, "") | {"number": number}
        for name, texts in children.items():
            kept = [stripped(text) for text in texts]
            whole = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
            expected[name] = whole if name in lists else kept[0]
        assert row == expected
    assert numbered(batches)[0] == list(range(1, len(records) + 1))
    assert_resumable(reader)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("UTF-16", "utf-16"),
     ("shift_jis", "shift_jis"), ("utf-8", "utf-8-sig"), ("UTF-16", "utf-16-be")],
)  # fmt: skip
def test_the_declared_encoding_is_read(declared: str, encoding: str, tmp_path: Path) -> None:
    note = "日本" if declared == "shift_jis" else "größe"
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<r>\n<p a="{note}"/>\n<p a="2"/></r>'
    (batch,) = opened(tmp_path, text.encode(encoding)).batches()
    assert batch.frame.rows() == [(note,), ("2",)]
    assert batch.lines.tolist() == [3, 4]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize(
    ("end", "code", "line"),
    [
        (b"<p><a>3</b></p><p><a>4</a></p></r>", "broken_record", 4),
        (b"<p><a>3 & 4</a></p></r>", "broken_record", 4),
        (b"<p><a>\xff\xfe</a></p></r>", "broken_record", 4),
        (b"<p><a>3", "file_cut", 4),
        (b"", "file_cut", 4),
        (b"</r><r><p/></r>", "broken_record", 4),
    ],
)
def test_rows_before_a_break_load_and_the_break_is_a_fault(
    end: bytes, code: str, line: int, size: int, tmp_path: Path
) -> None:
    data = b"<r>\n<p><a>1 \xc3\xa9\xc3\xa9\xc3\xa9</a></p>\n<p><a>2</a></p>\n" + end
    reader = opened(tmp_path, data, ReadTerms(batch_size=size))
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1 ééé",), ("2",)]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.code.value, fault.rejects_row) == (3, line, code, True)
    is_cut = code == "file_cut"
    begin = "is cut: the file ends" if is_cut else "breaks the document, which is read up to here: "
    assert fault.message.startswith(begin)
    assert_resumable(reader)


def test_a_break_ends_the_run_when_asked_for(tmp_path: Path) -> None:
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.FAIL))
    reader = opened(tmp_path, b"<r><p><a>1</a></p><p><a>2</p></r>", terms)
    with pytest.raises(FormatError, match=r"row 2 of 'people\.xml' \(line 1\) breaks"):
        list(reader.batches())


def test_many_columns_and_little_in_them_make_many_small_batches(tmp_path: Path) -> None:
    wide = b"<p>" + b"".join(b"<c%d/>" % number for number in range(9000)) + b"</p>"
    reader = opened(tmp_path, b"<r>" + wide + b"<p/>" * 250 + b"</r>")
    heights = [batch.frame.height for batch in reader.batches()]
    assert sum(heights) == 251
    assert max(heights) <= 2_000_000 // 9000


def test_the_way_to_where_reading_goes_on_is_watched(tmp_path: Path) -> None:
    calls: list[int] = []
    data = b"<r>" + b"<p><a>1</a></p>" * 20_000 + b"</r>"
    terms = ReadTerms(heartbeat=lambda: calls.append(1), batch_size=1 << 17)
    reader = opened(tmp_path, data, terms)
    first = next(iter(reader.batches()))
    calls.clear()
    next(iter(reader.batches(first.end)))
    assert len(calls) > 2
