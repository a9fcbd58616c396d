"""A table that is written can be read again, and what cannot be is refused."""

from __future__ import annotations

import csv
import io
import re

import pytest

from benchmarks.polluted.sheets import Sheet, Table, UnfitError, Way

TABLE = Table(
    header=("id", "note"), rows=(("1", 'a "b", c'), ("2", "two\nlines"), ("3", " x "), ("4", ""))
)


@pytest.mark.parametrize(
    "way",
    [
        Way(),
        Way(delimiter=";", end="\n"),
        Way(quote="'", escape="'"),
        Way(escape="\\"),
        Way(quoted=re.compile(".*", re.DOTALL)),
    ],
)
def test_the_csv_module_reads_what_is_written(way: Way) -> None:
    text = io.StringIO(Sheet.of(TABLE, way).data.decode(), newline="")

    rows = list(
        csv.reader(
            text,
            delimiter=way.delimiter,
            quotechar=way.quote,
            escapechar=way.escape if way.escape == "\\" else None,
            doublequote=way.escape != "\\",
        )
    )

    assert rows == [list(cells) for cells in (TABLE.header, *TABLE.rows)]


@pytest.mark.parametrize(
    ("way", "cell"),
    [
        (Way(quote="", escape=""), "a,b"),
        (Way(quote="", escape=""), "two\nlines"),
        (Way(escape=""), 'ends"'),
        (Way(escape="\\"), "C:\\a,b"),
    ],
)
def test_a_cell_that_could_not_be_read_again_is_refused(way: Way, cell: str) -> None:
    with pytest.raises(UnfitError):
        way.field(cell)


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    sheet = Sheet(table=TABLE, way=Way(), lines=("ž",), encoding="latin-1")

    with pytest.raises(UnfitError):
        _ = sheet.data


def test_lines_stand_around_the_table_and_ends_take_turns() -> None:
    sheet = Sheet(
        table=TABLE,
        way=Way(),
        lines=("a", "b"),
        ends=("\n", "\r"),
        above=("title",),
        below=("note",),
        is_closed=False,
        ends_with="\x1a",
    )

    assert sheet.data == b"title\r\na\nb\rnote\x1a"
    assert sheet.options == {
        "encoding": "utf-8",
        "header_rows": 1,
        "skip_rows": 1,
        "delimiter": ",",
        "quote": '"',
        "escape": '"',
    }
