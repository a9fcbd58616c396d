from __future__ import annotations

import io
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.formats.xlsx import workbook as room
from sources.formats.xlsx.archive import Archive
from sources.formats.xlsx.values import EPOCH_1904, Kind
from sources.formats.xlsx.workbook import Rationed, Texts, Workbook, read_workbook
from tests.workbooks import assembled, saved, written


def read(tmp_path: Path, data: bytes) -> Workbook:
    (tmp_path / "f").write_bytes(data)
    with closing(Archive(tmp_path / "f", ExpandLimits())) as archive:
        return read_workbook(archive)


def test_sheets_are_found_by_name_or_the_first_visible_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("Hidden", "Data", "More"):
        book.create_sheet(name)
    del book["Sheet"]
    book.create_chartsheet("Chart", 0)
    book["Hidden"].sheet_state = "hidden"
    found = read(tmp_path, saved(book))
    assert [sheet.name for sheet in found.sheets] == ["Hidden", "Data", "More"]
    assert found.sheet(None).name == "Data"
    assert found.sheet("Hidden").member == "xl/worksheets/sheet1.xml"
    with pytest.raises(FormatError, match=r"no sheet 'data'; it has: 'Hidden', 'Data', 'More'"):
        found.sheet("data")


def test_numbers_of_a_style_mean_what_its_format_says(tmp_path: Path) -> None:
    found = read(tmp_path, written({"A": [[date(2024, 1, 1), 1]]}))
    assert Kind.DATE in found.kinds
    assert found.kinds[0] is Kind.NUMBER


def test_texts_are_joined_and_unescaped_without_how_they_are_spoken(tmp_path: Path) -> None:
    shared = (
        "<sst><si><t>a</t></si><si><r><t>b </t></r><r><t>c_x000D_</t></r></si>"
        "<si><t>d</t><rPh><t>dee</t></rPh></si><si/></sst>"
    )
    found = read(tmp_path, assembled("", {"xl/sharedStrings.xml": shared}))
    texts = [found.texts.at(number) for number in ("0", "1", "2", "3", "4", "-1", "x")]
    assert texts == ["a", "b c\r", "d", "", None, None, None]


def test_days_may_be_counted_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert read(tmp_path, saved(book)).epoch == EPOCH_1904


def test_damage_and_document_types_are_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"damaged in 'xl/sharedStrings\.xml' \(mismatched tag"):
        read(tmp_path, assembled("", {"xl/sharedStrings.xml": "<sst><si></sst>"}))
    with pytest.raises(FormatError, match="a document type"):
        read(tmp_path, assembled("", {"xl/styles.xml": "<!DOCTYPE a []><a/>"}))
    with pytest.raises(FormatError, match="has no sheet of cells"):
        read(tmp_path, assembled("", {"xl/_rels/workbook.xml.rels": "<Relationships/>"})).sheet(
            None
        )


def test_too_much_shared_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_TEXT", 10)
    texts = Texts()
    texts.add("x" * 10)
    with pytest.raises(FormatError, match="more than 10 bytes of shared texts"):
        texts.add("x")


def test_parts_are_where_the_workbook_says_they_are(tmp_path: Path) -> None:
    relations = (
        "<Relationships><Relationship Id='rId9' Type='x/sharedStrings' Target='a/Texts.xml'/>"
        "<Relationship Id='rId8' Type='x/styles' Target='/b/styles.xml'/></Relationships>"
    )
    parts = {
        "xl/_rels/workbook.xml.rels": relations,
        "xl/a/Texts.xml": "<sst><si><t>text</t></si></sst>",
        "b/styles.xml": "<styleSheet><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>",
    }
    found = read(tmp_path, assembled("", parts))
    assert (found.texts.at("0"), found.kinds) == ("text", (Kind.DATE,))


def test_days_are_counted_from_1904_whatever_later_parts_of_the_workbook_are_called_so(
    tmp_path: Path,
) -> None:
    book = (
        "<workbook xmlns:x15='x'><workbookPr date1904='true'/><extLst><ext>"
        "<x15:workbookPr chartTrackingRefBase='1'/></ext></extLst></workbook>"
    )
    assert read(tmp_path, assembled("", {"xl/workbook.xml": book})).epoch == EPOCH_1904


def test_the_number_of_a_text_may_have_spaces_around_it() -> None:
    texts = Texts()
    texts.add("x")
    assert (texts.at(" 0\n"), texts.at(" "), texts.at("")) == ("x", None, None)


def test_texts_are_given_up_to_a_ration() -> None:
    texts = Texts()
    for text in ("abc", "de"):
        texts.add(text)
    ration = Rationed(texts, left=5)
    assert [ration.at(raw) for raw in ("1", "0", "7")] == ["de", "abc", None]
    assert ([ration.at("1"), ration.at("1")], ration.left < 0) == (["", ""], True)


def test_a_text_is_kept_as_far_as_it_makes_a_row_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MAX_RECORD", 3)
    texts = Texts()
    texts.add("äbcdef")
    assert (texts.at("0"), texts.longest) == ("äbcd", 4)


def test_one_endless_text_is_refused_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_TEXT", 100_000)
    shared = f"<sst><si>{'<r><t>0123456789</t></r>' * 20_000}<"  # which never ends
    with pytest.raises(FormatError, match="more than 100000 bytes of shared texts"):
        read(tmp_path, assembled("", {"xl/sharedStrings.xml": shared}))


@pytest.mark.parametrize(
    ("member", "text", "what"),
    [
        ("xl/styles.xml", f"<s><cellXfs>{'<xf/>' * 9}</cellXfs></s>", "8 styles"),
        (
            "xl/styles.xml",
            "<s>" + "".join(f"<numFmt numFmtId='{n}'/>" for n in range(9)) + "</s>",
            "8 number formats",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<r>" + "".join(f"<Relationship Id='{n}'/>" for n in range(9)) + "</r>",
            "8 parts",
        ),
    ],
)
def test_more_of_anything_than_a_workbook_can_have_is_refused(
    member: str, text: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_PARTS", 8)
    monkeypatch.setattr(room, "MOST_STYLES", 8)
    with pytest.raises(FormatError, match=f"the workbook has more than {what}; save it again"):
        read(tmp_path, assembled("", {member: text}))


def test_a_sheet_is_called_no_longer_than_a_person_reads(tmp_path: Path) -> None:
    book = assembled("")
    with closing(zipfile.ZipFile(io.BytesIO(book))) as packed:
        text = packed.read("xl/workbook.xml").decode().replace("'Data'", f"'{'x' * 1000}'")
    (found,) = read(tmp_path, assembled("", {"xl/workbook.xml": text})).sheets
    assert found.name == "x" * 255
