from __future__ import annotations

from definitions.model import FileFormat
from sources.formats.csv.detection.detected import Detection, told_of_parts, told_of_unlike
from sources.formats.csv.dialect import Dialect


def test_of_each_part_it_is_told_whether_it_was_given_and_why_else() -> None:
    found = Detection(dialect=Dialect(quote=None), skip_rows=2)
    told = told_of_parts(found, FileFormat(delimiter=",", skip_rows=2), {"quote": "there is none"})
    assert told == {
        "delimiter": "',' given",
        "quote": "none found: there is none",
        "escape": "'\"' found",
        "record_end": "any found",
        "skip_rows": "2 given",
        "header_rows": "1 found",
    }


def test_it_is_told_which_lines_are_unlike_rows() -> None:
    found = Detection(dialect=Dialect(remark=b"#", has_rules=True), names_rows=True)
    assert list(told_of_unlike(found, FileFormat(), 3)) == ["remarks", "rules", "row_names"]
    assert told_of_unlike(found, FileFormat(remark="#"), 0)["remark"] == "'#' given"
    assert told_of_unlike(Detection(dialect=Dialect()), FileFormat(), 0) == {}
