"""The files are many, always the same, and each is polluted as its name says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.polluted.catalogue import CLASSES
from benchmarks.polluted.filing import LIST, QUICK, Case, cases, write
from benchmarks.polluted.sheets import Table
from benchmarks.polluted.tables.registry import tables

TABLE = Table(
    header=("id", "name", "price"),
    rows=tuple((str(i), f"thing {i}", f"{i}.50") for i in range(1, 8)),
)
PLAIN = b"id,name,price\r\n" + b"".join(b"%d,thing %d,%d.50\r\n" % (i, i, i) for i in range(1, 8))


def test_there_are_many_tables_and_pollutions_and_each_name_stands_once() -> None:
    names = [pollution.name for some in CLASSES.values() for pollution in some]

    assert len(tables()) >= 30
    assert len(names) >= 90
    assert len(set(names)) == len(names)
    assert set(tables()) >= QUICK


def test_every_pollution_fits_a_table_and_changes_it() -> None:
    every = list(cases(tables()))
    plain = {case.base: case.sheet.data for case in every if case.pollution == "nothing"}

    assert {case.pollution for case in every} == {
        pollution.name for some in CLASSES.values() for pollution in some
    }
    assert [
        case.name
        for case in every
        if case.pollution != "nothing" and case.sheet.data == plain[case.base]
    ] == []


def test_the_same_files_are_written_each_time() -> None:
    first, again = (
        [(case.name, case.sheet.data) for case in cases({"few": tables()["few"]})] for _ in range(2)
    )

    assert first == again


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("semicolon", b"1,thing 1,1.50", b"1;thing 1;1.50"),
        ("sep= line", b"id,name", b"sep=,\r\nid,name"),
        ("units below names", b"price\r\n", b"price\r\n[-],[m],[kg]\r\n"),
        ("header among rows", b"4,thing", b"id,name,price\r\n4,thing"),
        ("row parted otherwise", b"4,thing 4,4.50", b"4;thing 4;4.50"),
        ("field too few", b"4,thing 4,4.50", b"4,thing 4"),
        ("quote in a cell", b"4,thing 4", b'4,th"ing 4'),
        ("line in quotes", b"4,thing 4,4.50", b'"4,thing 4,4.50"'),
        ("none at the end", b"7.50\r\n", b"7.50"),
        ("note", b"7.50\r\n", b"7.50\r\nSource: national office of statistics\r\n"),
    ],
)
def test_a_file_is_polluted_as_its_name_says(name: str, before: bytes, after: bytes) -> None:
    assert case_of(name).sheet.data == PLAIN.replace(before, after).replace(
        b",", b";" if name == "semicolon" else b","
    )


def test_what_is_to_be_read_goes_with_what_is_written() -> None:
    assert case_of("field too few").sheet.table.rows[3] == ("4", "thing 4", "")
    assert case_of("quote in a cell").sheet.table.rows[3][1] == 'th"ing 4'
    assert case_of("no header").sheet.table.header == ()
    assert case_of("units below names").sheet.table.header == ("id [-]", "name [m]", "price [kg]")
    assert case_of("title").sheet.options["skip_rows"] == 1


def test_what_a_careful_person_could_argue_about_is_told_apart() -> None:
    words = Table(header=("en", "de", "fr"), rows=(("a", "b", "c"),) * 4, has_words_only=True)
    (named,) = (each for each in cases({"t": words}) if each.pollution == "no header")

    assert named.is_arguable
    assert not case_of("no header").is_arguable
    assert case_of("delimiter behind all lines").is_arguable


def test_files_are_written_with_a_list_of_them(tmp_path: Path) -> None:
    some = [case_of("nothing"), case_of("title")]

    write(some, tmp_path)

    told = json.loads((tmp_path / LIST).read_text())
    assert [each["name"] for each in told] == ["t, nothing", "t, title"]
    assert (tmp_path / told[0]["file"]).read_bytes() == PLAIN


def case_of(pollution: str) -> Case:
    (found,) = (each for each in cases({"t": TABLE}) if each.pollution == pollution)
    return found
