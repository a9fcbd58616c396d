"""Rows that are taken as a whole are those that the parser would have told."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sources.formats.xlsx.plain import MOST_HELD, SheetText
from sources.formats.xlsx.sheet import SheetRow, SheetRows
from sources.formats.xlsx.values import EPOCH_1900, Kind
from sources.formats.xlsx.workbook import Texts, Workbook
from sources.markup import BrokenMarkupError, Markup, Told

DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
START, END = "<worksheet><sheetData>", "</sheetData></worksheet>"
PLAIN = '<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45292</v></c></row>'


def parsed(xml: bytes) -> tuple[list[SheetRow], str]:
    return _heard(xml, len(xml), through_parser=True)[:2]


def taken(xml: bytes, size: int = 1 << 16) -> tuple[list[SheetRow], str]:
    return _heard(xml, size)[:2]


def count_parsed(xml: str) -> int:
    """Return how many ends of rows the parser told."""
    return _heard(xml.encode(), 1 << 16)[2]


def _heard(
    xml: bytes, size: int, *, through_parser: bool = False
) -> tuple[list[SheetRow], str, int]:
    texts = Texts()
    texts.add("shared")
    kinds = (Kind.NUMBER, Kind.DATE)
    listener = SheetRows(Workbook(sheets=(), texts=texts, kinds=kinds, epoch=EPOCH_1900))
    markup = Markup(Told(begin=listener.begin, end=listener.end, text=listener.text), "f")
    sheet = markup if through_parser else SheetText(markup, listener)
    try:
        for at in range(0, len(xml), size):
            sheet.take(xml[at : at + size])
        sheet.finish()
    except BrokenMarkupError as exc:
        return listener.found, exc.reason, listener.told
    return listener.found, "", listener.told


CELLS = [
    '<c r="A1"><v>1</v></c>',
    '<c r="B2" s="1"><v>45292</v></c>',
    '<c r="C2" t="s"><v>0</v></c>',
    '<c r="D2" t="e"><v>#N/A</v></c>',
    '<c r="D3" t="str"><f>A1</f><v>a</v></c>',
    '<c r="D3"><f>A1</f></c>',
    '<c r="D3"><f>A1&amp;B1</f><v>1</v></c>',
    '<c r="E2" s="1"/>',
    '<c r="XFE2"><v>9</v></c>',
    "<c><v>2</v></c>",
    '<c t="b" r="F2"><v>1</v></c>',
    '<c r="G2" t="str"><v>\u00e9 _x000A_\t</v></c>',
    '<c r="G2" t="str"><v>a&lt;</v></c>',
    '<c r="H2" t="inlineStr"><is><t>in</t></is></c>',
    '<c r="H2" t="inlineStr"><is><t xml:space="preserve"> &amp;lt;&quot;\'&apos; </t></is></c>',
    '<c r="H2" t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c>',
    '<c r="H2" t="str"><v>&#65;</v></c>',
    "<!-- </row> -->",
    "<![CDATA[</row>]]>",
    "text",
]
BETWEEN = [
    "",
    "\n",
    "<!-- c -->",
    "<!-- </row>",
    "-->",
    "<![CDATA[</row>",
    "]]>",
    "</sheetData>",
    "&",
]


@st.composite
def sheets(draw: st.DrawFn) -> str:
    parts = [draw(st.sampled_from(["", DECLARED])), START]
    for _ in range(draw(st.integers(0, 5))):
        attributes = draw(st.sampled_from(['r="7"', 'r="3" spans="1:2"', "r='2'", ""]))
        cells = "".join(draw(st.lists(st.sampled_from(CELLS), max_size=3)))
        empty = draw(st.sampled_from([f"<row {attributes}/>", "", ""]))
        parts += [empty, f"<row {attributes}>{cells}</row>".replace("row >", "row>")]
        parts.append(draw(st.sampled_from([*[""] * 9, *BETWEEN])))
    return "".join([*parts, draw(st.sampled_from([END, END, ""]))])


@given(xml=sheets(), size=st.sampled_from([1, 7, 64, 1 << 16]))
def test_every_sheet_is_read_as_the_parser_reads_it(xml: str, size: int) -> None:
    assert taken(xml.encode(), size) == parsed(xml.encode())


def test_plain_rows_do_not_go_through_the_parser() -> None:
    inline = '<row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; b</t></is></c></row>'
    assert count_parsed(START + PLAIN * 50 + inline * 50 + END) == 1
    assert count_parsed(DECLARED + START + PLAIN * 50 + "<row/>" + PLAIN * 50 + END) == 3


@pytest.mark.parametrize("declared", ['<?xml version="1.0" encoding="iso-8859-1"?>', "\n"])
def test_text_that_may_be_in_another_encoding_goes_through_the_parser(declared: str) -> None:
    assert count_parsed(declared + START + PLAIN * 3 + END) == 3


def test_what_is_in_a_section_of_text_is_no_row() -> None:
    xml = START + PLAIN + "<row/><![CDATA[</row>" + PLAIN * 3 + "]]>" + PLAIN * 2 + END
    rows, reason = taken(xml.encode())
    assert (len(rows), reason) == (3, "")


def test_bytes_that_are_no_text_break_the_sheet() -> None:
    bad = b'<row r="1"><c r="A1" t="str"><v>\xff</v></c></row>'
    rows, reason = taken(START.encode() + PLAIN.encode() * 2 + bad)
    assert (len(rows), reason) == (2, "not well-formed (invalid token)")


def test_a_row_without_end_is_not_held() -> None:
    xml = START + PLAIN * 2 + '<row r="9">' + "<c><v>1</v></c>" * (MOST_HELD // 10)
    rows, reason = taken(xml.encode())
    assert (len(rows), reason) == (2, "no element found")
