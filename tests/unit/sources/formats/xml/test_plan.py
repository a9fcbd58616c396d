from __future__ import annotations

from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.xml import XmlFormat


def header(tmp_path: Path, data: bytes, *wanted: str, records: str | None = None) -> object:
    (tmp_path / "f").write_bytes(data)
    terms = ReadTerms(wanted=frozenset(wanted), layout=FileFormat(records=records))
    reader = XmlFormat(terms).open(tmp_path / "f", "f.xml")
    return reader.evidence["records"], reader.header


def test_the_record_element_is_found_or_given(tmp_path: Path) -> None:
    data = b"<r><m x='1'/><p><a>1</a><q><b/></q></p><p c='2'/></r>"
    assert header(tmp_path, data) == ("r/p", ("a", "q.b", "c"))
    assert header(tmp_path, data, records="m") == ("m", ("x",))
    assert header(tmp_path, data, records="p/q") == ("p/q", ("b",))
    with pytest.raises(FormatError, match=r"no element 'z' in 'f\.xml'; there are: 'r', 'r/m', "):
        header(tmp_path, data, records="z")


def test_wanted_names_are_columns_where_the_file_is_not_seen_to_its_end(tmp_path: Path) -> None:
    assert header(tmp_path, b"<r><p><a/></p><p/></r>", "late") == ("r/p", ("a",))
    long = b"<r>" + (b"<p><a>" + b"x" * 1000 + b"</a></p>\n") * 1100 + b"</r>"
    assert header(tmp_path, long, "late") == ("r/p", ("a", "late"))
    assert header(tmp_path, b"<r/>", "late") == ("", ("late",))
    (tmp_path / "f").write_bytes(long.replace(b"</r>", b"<p><late/></p></r>"))
    reader = XmlFormat(ReadTerms(every_name=True)).open(tmp_path / "f", "f.xml")
    assert (reader.header, "columns" in reader.evidence) == (("a", "late"), False)


def test_elements_of_attributes_alone_need_no_root_around_them(tmp_path: Path) -> None:
    assert header(tmp_path, b"<row a='1'/>\n<row a='2' b='3'/>") == ("row", ("a", "b"))
    reader = XmlFormat().open(tmp_path / "f", "f.xml")
    batches = list(reader.batches())
    assert [row for batch in batches for row in batch.frame.rows()] == [("1", ""), ("2", "3")]
    assert [fault for batch in batches for fault in batch.faults] == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no XML: there is no element in it"),
        (b"id,name\n", "is no XML: syntax error on line 1; it begins with 'id,name'"),
        (b"<!DOCTYPE html><html>", r"'f\.xml' looks like an HTML page, not XML"),
        (b"\n<HTML lang='en'>", "looks like an HTML page"),
        (b"<table border='1'>\n<tbody><TR><td>1</td></TR></tbody></table>", "like an HTML page"),
        (
            b"<s:Workbook\nxmlns:s='urn:schemas-microsoft-com:office:spreadsheet'></s:Workbook>",
            r"is a spreadsheet of Excel 2003 \(XML, often called \.xls\); save it as \.xlsx",
        ),
        (b"<!DOCTYPE r SYSTEM 'r.dtd' []><r/>", "declares entities or a document type"),
        (b"<?xml version='1.0' encoding='klingon'?><r/>", "in the encoding 'klingon'; use one"),
    ],
)
def test_what_is_no_xml_of_records_is_told(data: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=message):
        header(tmp_path, data)


def test_a_first_record_of_more_than_a_megabyte_names_the_columns(tmp_path: Path) -> None:
    data = b"<r><p><a>" + b"x" * (2 << 20) + b"</a></p><p><a>1</a><b/></p></r>"
    assert header(tmp_path, data) == ("r/p", ("a", "b"))
    data = b"<r><p a='" + b"x" * (2 << 20) + b"'/><p/></r>"
    assert header(tmp_path, data, records="p") == ("p", ("a",))
    with pytest.raises(FormatError, match="does not show which elements are records; say it in"):
        header(tmp_path, data)


def test_a_document_of_text_is_no_empty_list(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"'f\.xml' holds no elements, only the text 'No access'"):
        header(tmp_path, b"<error code='7'>\nNo access</error>")
