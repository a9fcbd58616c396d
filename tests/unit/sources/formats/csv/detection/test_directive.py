from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.directive import begin_at_directive, without_directives
from sources.formats.csv.detection.reading import Marks, read_rows

IIS = (
    "#Software: a server\n#Fields: date time cs-uri-stem cs(User-Agent) sc-status\n"
    + "2026-01-05 00:01:00 /a Mozilla/5.0+(X11;+Linux) 200\n" * 3
)
TABS = "#Version: 1.0\n#Fields: date time place size\n" + "2026-01-05\t00:01:00\tFRA\t34\n" * 3
ZEEK = (
    "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tproto\n#types\ttime\tstring\tenum\n"
    + "17.5\tCx\ttcp\n" * 3
)


@pytest.mark.parametrize(
    ("text", "delimiter", "skipped", "width", "of_names"),
    [(IIS, b" ", 1, 5, b""), (TABS, b"\t", 1, 4, b" "), (ZEEK, b"\t", 2, 3, b"")],
)
def test_a_line_tells_the_fields_of_a_log(
    text: str, delimiter: bytes, skipped: int, width: int, of_names: bytes
) -> None:
    found = detect(text.encode(), FileFormat(), frozenset(), complete=True)
    assert (found.dialect.delimiter, found.skip_rows, found.width) == (delimiter, skipped, width)
    assert (found.header_rows, found.header_delimiter, found.dialect.remark) == (1, of_names, b"#")
    assert found.evidence["skip_rows"].endswith("found: a line says which fields there are")


def test_lines_with_a_mark_are_left_out_where_one_names_fields() -> None:
    assert without_directives(ZEEK) == ("17.5\tCx\ttcp\n" * 3, 3)
    assert without_directives("# a\nid,fields\n1,2\n") == ("", 0)


def test_a_line_that_names_another_number_of_fields_begins_nothing() -> None:
    rows = read_rows(ZEEK, Marks(delimiter="\t"))
    assert begin_at_directive(rows, 4) is None
    begin = begin_at_directive(rows, 3)
    assert begin is not None
    assert (begin.place, begin.header_rows) == (2, 1)
