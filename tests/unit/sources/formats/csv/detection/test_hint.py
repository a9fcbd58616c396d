from __future__ import annotations

from definitions.model import FileFormat
from sources.formats.csv.detection.hint import HINT, as_hinted, told_of_hint


def test_the_first_line_says_the_delimiter() -> None:
    hint = HINT.match(b'"SEP=;"\r\na;b\r\n')
    assert as_hinted(FileFormat(), hint).delimiter == ";"
    assert as_hinted(FileFormat(delimiter=","), hint).delimiter == ","
    assert told_of_hint(hint) == {"delimiter": "the first line says so"}


def test_without_such_a_line_nothing_is_said() -> None:
    hint = HINT.match(b"a;b\nsep=;\n")
    assert as_hinted(FileFormat(), hint) == FileFormat()
    assert told_of_hint(hint) == {}
