from __future__ import annotations

import pytest

from definitions.model import FileFormat, RecordEnd
from sources.formats.csv.detection.record_marks import find_record_mark
from sources.relining import MARKS


@pytest.mark.parametrize("name", MARKS)
@pytest.mark.parametrize(
    "text",
    ["id,name§1,a§2,b§", "id;name§1;a§2;b", 'id,n§1,"a,\nb"§2,c§', "id,n§1,a§2§3,b§\r\n"],
)
def test_a_mark_that_ends_records_is_found(name: str, text: str) -> None:
    sample = text.encode().replace("§".encode(), MARKS[name])

    assert find_record_mark(sample, FileFormat()) == name
    assert not find_record_mark(sample, FileFormat(record_end=RecordEnd.LF))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id,name\n1,a\x1eb\n2,c\x1ed\n",
        "id\x1ename\x1eprice",
        "id,name\x1eprice",
        "id,name\u20281",
        "one\x1etwo\x1e",
    ],
)
def test_a_mark_in_other_places_is_none(text: str) -> None:
    assert not find_record_mark(text.encode(), FileFormat())


def test_a_given_delimiter_is_the_only_one_that_counts() -> None:
    sample = b"a^b\x1ec^d\x1e"

    assert find_record_mark(sample, FileFormat(delimiter="^")) == "0x1E"
    assert not find_record_mark(sample, FileFormat())
