"""Workbooks for tests: written by a library, or part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def written(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return a workbook with these sheets, written by a library."""
    workbook = openpyxl.Workbook()
    del workbook[workbook.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def assembled(rows: str, extra: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook whose only sheet holds the XML `rows`, with other members too."""
    members = {
        "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{TYPES}'><sheets>"
        "<sheet name='Data' sheetId='1' r:id='rId1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships><Relationship Id='rId1' "
        f"Type='{TYPES}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData>"
        "</worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (members | dict(extra or {})).items():
            packed.writestr(name, text)
    return out.getvalue()
