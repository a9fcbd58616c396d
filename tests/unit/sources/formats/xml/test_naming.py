"""Records whose elements are told apart by an attribute."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.xml import XmlFormat
from tests.reading import assert_resumable

MYSQL = (
    '<resultset xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><row><field name="id">1'
    '</field><field name="city">Brno</field></row><row><field name="id">2</field><field name="city"'
    ' xsi:nil="true"/></row></resultset>'
)
DUMP = (
    '<d><table_structure><field Field="id"/><field Field="city"/><field Field="x"/>'
    '</table_structure><table_data name="t"><row><field name="id">1</field><field name="city">B'
    '</field></row><row><field name="id">2</field><field name="city"/></row></table_data></d>'
)
PHPMYADMIN = (
    '<e><database name="shop"><table name="t"><column name="id">1</column><column name="name">A'
    '</column></table><table name="t"><column name="name">B</column></table></database></e>'
)
SOLR = (
    '<r><lst><int name="status">0</int></lst><result><doc><str name="id">1</str><float name="price"'
    ' unit="EUR">2.5</float></doc><doc><str name="id">2</str><arr name="tag"><str>x</str>'
    "<str>y</str></arr></doc></result></r>"
)
MANY = '<a><doc><f NAME="t">x</f><f NAME="t">y</f></doc><doc><f NAME="t">z</f></doc></a>'


def read(
    tmp_path: Path, text: str, wanted: str = "", records: str | None = None
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    (tmp_path / "f").write_text(text)
    terms = ReadTerms(wanted=frozenset(wanted.split()), layout=FileFormat(records=records))
    reader = XmlFormat(terms).open(tmp_path / "f", "f.xml")
    assert_resumable(reader)
    return reader.header, [row for batch in reader.batches() for row in batch.frame.rows()]


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        (MYSQL, ("id", "city"), [("1", "Brno"), ("2", "")]),
        (DUMP, ("id", "city"), [("1", "B"), ("2", "")]),
        (PHPMYADMIN, ("@name", "id", "name"), [("t", "1", "A"), ("t", "", "B")]),
        (
            SOLR,
            ("id", "price.unit", "price", "tag.str"),
            [("1", "EUR", "2.5", ""), ("2", "", "", '["x","y"]')],
        ),
        (MANY, ("t",), [('["x","y"]',), ('["z"]',)]),
    ],
    ids=["mysql", "mysqldump", "phpMyAdmin", "Solr", "several of a name"],
)
def test_the_attribute_names_the_cells(
    text: str, header: tuple[str, ...], rows: list[tuple[str, ...]], tmp_path: Path
) -> None:
    assert read(tmp_path, text) == (header, rows)


def test_a_single_row_is_known_by_the_names_that_are_wanted(tmp_path: Path) -> None:
    one = MYSQL.replace('<row><field name="id">2', '<!--<row><field name="id">2').replace(
        'nil="true"/></row>', 'nil="true"/></row>-->'
    )
    assert read(tmp_path, one, "id city") == (("id", "city"), [("1", "Brno")])
    assert read(tmp_path, one, records="row") == (("id", "city"), [("1", "Brno")])
    assert read(tmp_path, one) == (("name", "field"), [("id", "1"), ("city", "Brno")])


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (
            '<r><t><p name="a">1</p><p name="b">2</p></t><t><p name="c">3</p></t></r>',
            '[{"name":"a","p":"1"},{"name":"b","p":"2"}]',
        ),
        (
            '<r><t><p name="a"/><p name="b"/></t><t><p name="a"/></t></r>',
            '[{"name":"a"},{"name":"b"}]',
        ),
    ],
    ids=["names that no other record has", "nothing but names"],
)
def test_elements_that_only_repeat_are_a_list(text: str, cells: str, tmp_path: Path) -> None:
    header, rows = read(tmp_path, text, records="t")
    assert (header, rows[0]) == (("p",), (cells,))


@pytest.mark.parametrize("beside", ["<id>1</id>", "text"])
def test_records_that_hold_something_else_are_read_as_before(beside: str, tmp_path: Path) -> None:
    record = f'<t>{beside}<p name="a">1</p><p name="b">2</p></t>'
    header, rows = read(tmp_path, f"<r>{record}{record}</r>")
    assert header[-1] == "p"
    assert rows[0][-1] == '[{"name":"a","p":"1"},{"name":"b","p":"2"}]'
