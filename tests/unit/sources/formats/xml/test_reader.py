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
from sources.encoding import SAMPLE_SIZE
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


BROKEN = {
    "ampersand": (b"<p><a>3 & 4</a></p>", "not well-formed (invalid token)"),
    "entity": (b"<p><a>3&nbsp;4</a></p>", "undefined entity"),
    "control": (b"<p><a>3\x0b4</a></p>", "not well-formed (invalid token)"),
    "less than": (b"<p><a>3 < 4</a></p>", "not well-formed (invalid token)"),
    "misnested": (b"<p><a>3<b>4</a></b></p>", "mismatched tag"),
    "unclosed inside": (b"<p><a>3</p>", "mismatched tag"),
    "unclosed": (b"<p><a>3</a>", None),
    "torn": (b"<p><a>3</", "not well-formed (invalid token)"),
    "no quotes": (b"<p a=3></p>", "not well-formed (invalid token)"),
    "open quote": (b'<p a="3><a>4</a></p>', "not well-formed (invalid token)"),
    "in a section": (b"<p><a><![CDATA[\x0b<p>]]></a></p>", "not well-formed (invalid token)"),
    "in a comment": (b"<p><!-- -- <p> --></p>", "not well-formed (invalid token)"),
    "before a section": (b"<p>&<a><![CDATA[ <p> ]]></a></p>", "not well-formed (invalid token)"),
}


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("at", [0, 2, 4])
@pytest.mark.parametrize(("bad", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_the_rows_around_a_broken_record_load(
    bad: bytes, reason: str | None, at: int, size: int, tmp_path: Path
) -> None:
    records = [b"<p><a>%d \xc3\xa9</a></p>" % number for number in range(4)]
    records.insert(at, bad)
    data = b"<x:r>\n<ps>\n" + b"\n".join(records) + b"\n</ps>\n</x:r>"
    reader = opened(tmp_path, data, ReadTerms(batch_size=size))
    batches = list(reader.batches())
    cells = [dict(zip(reader.header, row, strict=True)) for b in batches for row in b.frame.rows()]
    assert [row["a"] for row in cells] == [f"{number} é" for number in range(4)]
    rows = [row for row in range(1, 6) if row != at + 1]
    assert numbered(batches) == (rows, [row + 2 for row in rows])
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.rejects_row) == (at + 1, at + 3, True)
    assert bad.decode(errors="replace").endswith(str(fault.value).partition("\n")[0])
    assert reason is None or f"breaks the rules of XML: {reason} on line" in fault.message
    assert_resumable(reader)


BAD_BYTES = {
    "text": b"<p><a>3\xff4</a></p>",
    "torn character": b"<p><a>3\xc3</a></p>",
    "half of a pair": b"<p><a>3\xed\xa0\x80</a></p>",
    "attribute": b'<p b="\xe9"><a>3</a></p>',
    "section": b"<p><a><![CDATA[\xe9]]></a></p>",
    "comment": b"<p><a>3<!-- \xe9 --></a></p>",
}


@pytest.mark.parametrize("policy", [MalformedRows.REJECT, MalformedRows.PAD])
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("bad", BAD_BYTES.values(), ids=BAD_BYTES.keys())
def test_bytes_that_are_no_text_are_told_as_such(
    bad: bytes, size: int, policy: MalformedRows, tmp_path: Path
) -> None:
    good = [b"<p><a>%d \xc5\x99</a></p>" % number for number in range(2)]
    data = b"<ps>\n" + b"\n".join([good[0], bad, good[1]]) + b"\n</ps>"
    reader = opened(
        tmp_path, data, ReadTerms(layout=FileFormat(malformed_rows=policy), batch_size=size)
    )
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert (rows[0][0], rows[-1][0]) == ("0 ř", "1 ř")
    (fault,) = seen_faults(batches)
    is_padded = policy is MalformedRows.PAD
    assert (fault.row, fault.line, fault.code, fault.rejects_row, len(rows)) == (
        2, 3, "bad_encoding", not is_padded, 2 + is_padded,
    )  # fmt: skip
    said = "has bytes that are no text in the file's encoding, on line 3"
    assert fault.message == said + ("; they are read as \ufffd" if is_padded else "")
    assert_resumable(reader)


def test_names_that_nesting_makes_equal_are_told_apart_in_each_record_by_itself(
    tmp_path: Path,
) -> None:
    both, nested, plain = "<a.b>1</a.b><a><b>2</b></a>", "<a><b>3</b></a>", "<a.b>4</a.b>"
    data = f"<r><i>{both}</i><i>{nested}</i><i>{plain}</i></r>".encode()
    (batch,) = opened(tmp_path, data).batches()
    assert batch.frame.rows() == [("1", "2"), ("3", ""), ("4", "")]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_elements_that_only_prefixes_tell_apart_are_columns_of_their_own(
    size: int, tmp_path: Path
) -> None:
    data = (
        b"<r><i><x:t>0</x:t></i><i><t>1</t><x:t>2</x:t></i>\n<i><t>3</t></i>"
        b"<i><n:t xmlns:n='u'>4</n:t><m:t xmlns:m='u'>5</m:t></i></r>"
    )
    reader = opened(tmp_path, data, ReadTerms(batch_size=size))
    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert reader.header == ("x:t", "t")
    assert rows == [("0", ""), ("2", '["1"]'), ("", '["3"]'), ("", '["4","5"]')]
    assert_resumable(reader)


def test_the_record_of_a_feed_is_no_link_that_only_a_prefix_tells_apart(tmp_path: Path) -> None:
    head = b"<link>x</link><a:link xmlns:a='u' href='y' rel='self'/>"
    items = b"<item><title>1</title></item><item><title>2</title></item>"
    reader = opened(tmp_path, b"<rss><channel>" + head + items + b"</channel></rss>")
    assert reader.evidence["records"] == "rss/channel/item"


def test_one_bad_byte_makes_no_other_encoding_of_what_comes_later(tmp_path: Path) -> None:
    plain = b"<p><a>" + b"x" * SAMPLE_SIZE + b"</a></p>"
    head = b"<?xml version='1.0' encoding='UTF-8'?>\n<ps><p><a>caf\xe9</a></p>\n"
    data = head + plain + "<p><a>Dvořák</a></p></ps>".encode()
    reader = opened(tmp_path, data)
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert (len(rows), rows[1]) == (2, ("Dvořák",))
    assert [(fault.row, fault.code) for fault in seen_faults(batches)] == [(1, "bad_encoding")]
    assert reader.evidence["encoding"].startswith("utf-8 assumed: 'UTF-8' is declared, and 1 byte")


def test_windows_1252_throughout_is_read_whatever_is_declared(tmp_path: Path) -> None:
    records = "".join(f"<p><a>{word}</a></p>" for word in ("café", "crème", "über"))
    data = f"<?xml version='1.0' encoding='UTF-8'?><ps>{records}</ps>".encode("cp1252")
    reader = opened(tmp_path, data)
    (batch,) = reader.batches()
    assert [row[0] for row in batch.frame.rows()] == ["café", "crème", "über"]
    assert not seen_faults([batch])
    told = "windows-1252 assumed: 'UTF-8' is declared, yet 3 bytes are not UTF-8; give"
    assert reader.evidence["encoding"].startswith(told)


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("end", [b"<p><a>3", b"", b"<p><a>3</a", b"<p><a>3</a></p><!-- ", b"<p "])
def test_of_a_file_that_is_cut_the_whole_rows_load(end: bytes, size: int, tmp_path: Path) -> None:
    data = b"<r>\n<p><a>1 \xc3\xa9</a></p>\n<p><a>2</a></p>\n" + end
    reader = opened(tmp_path, data, ReadTerms(batch_size=size))
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert rows == [("1 é",), ("2",), ("3",)][: 2 + end.count(b"</p>")]
    (fault,) = seen_faults(batches)
    assert (fault.row, fault.line, fault.code.value) == (len(rows) + 1, 4, "file_cut")
    assert fault.message.startswith("is cut: the file ends")
    assert_resumable(reader)


def test_a_break_ends_the_run_when_asked_for(tmp_path: Path) -> None:
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.FAIL))
    reader = opened(tmp_path, b"<r><p><a>1</a></p><p><a>2</p></r>", terms)
    with pytest.raises(FormatError, match=r"row 2 of 'people\.xml' \(line 1\) .*: breaks"):
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


INSTANCE = b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'


def test_an_element_that_is_nil_is_an_empty_cell(tmp_path: Path) -> None:
    data = b'<r %b><p><a i:nil="true"/><b>x</b></p><p><a>1</a><b i:nil="1"/></p></r>' % INSTANCE
    reader = opened(tmp_path, data)
    assert reader.header == ("a", "b")
    assert [row for batch in reader.batches() for row in batch.frame.rows()] == [
        ("", "x"),
        ("1", ""),
    ]


@pytest.mark.parametrize(
    "type_",
    [b'SYSTEM "r.dtd"', b"PUBLIC '-//X//Y' 'http://files.example.test/r.dtd'"],
)
def test_a_document_type_that_another_file_describes_is_not_looked_at(
    type_: bytes, tmp_path: Path
) -> None:
    head = b'<?xml version="1.0"?>\n<!-- c -->\n<!DOCTYPE r %b>\n' % type_
    reader = opened(tmp_path, head + b"<r><p><a>1</a></p><p><a>&x;</a></p><p><a>3</a></p></r>")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1",), ("3",)]
    assert [(fault.row, fault.line) for fault in seen_faults(batches)] == [(2, 4)]


@pytest.mark.parametrize("size", [5, 1 << 20])
@pytest.mark.parametrize(
    "data",
    [
        (
            b'<?xml version="1.0"?><r><p><a>1</a></p><p><a>2</a></p></r>\n'
            b'<?xml version="1.0"?>\n<r x="y"><p><a>3</a></p><p><a>4</a></p></r>\n'
        ),
        (
            b"\xef\xbb\xbf<p><a>1</a><b/></p>\n\xef\xbb\xbf<?xml version='1.0'?><p><a>2</a><b/></p>"
            b"\xef\xbb\xbf<p><a>3</a><b/></p><p><a>4</a><b/></p>"
        ),
        b"<p><a>1</a><b/></p>\n<p><a>2</a><b/></p>\n<p><a>3</a><b/></p><p><a>4</a><b/></p>",
        b"<p><a>1</a></p>\n<p><a>2</a></p>\n<p><a>3</a></p><p><a>4</a></p>",
    ],
)
def test_documents_one_behind_the_other_are_one_list(
    data: bytes, size: int, tmp_path: Path
) -> None:
    reader = opened(tmp_path, data, ReadTerms(batch_size=size))
    batches = list(reader.batches())
    assert [row[0] for batch in batches for row in batch.frame.rows()] == ["1", "2", "3", "4"]
    assert not seen_faults(batches)
    assert numbered(batches)[0] == [1, 2, 3, 4]
    assert_resumable(reader)


@pytest.mark.parametrize("size", [7, 64, 1 << 20])
def test_records_that_break_the_rules_are_mended_and_told_with_pad(
    size: int, tmp_path: Path
) -> None:
    data = (
        b"<r><p><n>AT&T</n></p>\n<p><n>x</n></p>\n<p><n>1 < 2</n></p>\n"
        b"<p><n>y</m></p>\n<p><n>a&nbsp;b</n></p></r>"
    )
    pad = FileFormat(malformed_rows=MalformedRows.PAD)
    reader = opened(tmp_path, data, ReadTerms(layout=pad, batch_size=size))
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    assert (reader.header, rows) == (("n",), [("AT&T",), ("x",), ("1 < 2",), ("a\xa0b",)])
    assert numbered(batches) == ([1, 2, 3, 5], [1, 2, 3, 5])
    faults = seen_faults(batches)
    assert [(fault.row, fault.rejects_row) for fault in faults] == [
        (1, False), (3, False), (4, True), (5, False),
    ]  # fmt: skip
    assert faults[0].message.endswith("on line 1; what breaks them is read as text")
    assert faults[0].value == "<p><n>AT&T</n></p>"
    assert_resumable(reader)
    plain = opened(tmp_path, data, ReadTerms(batch_size=size))
    assert sum(len(batch.rows) for batch in plain.batches()) == 1


def test_a_property_list_is_refused_with_what_to_do(tmp_path: Path) -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x">'
    data = head + b"<plist><dict><key>id</key><integer>1</integer></dict></plist>"
    with pytest.raises(FormatError, match="is a property list; convert it"):
        opened(tmp_path, data)
