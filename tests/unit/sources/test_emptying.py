from __future__ import annotations

from pathlib import Path

import pytest

from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.opening import open_reader

NULLS = ReadTerms(layout=FileFormat(null_values=("NULL", "-1")), batch_size=64)


@pytest.mark.parametrize(
    "text",
    [
        b'id,age\n1,NULL\n"NULL",-1\n',
        b'[{"id": 1, "age": "NULL"}, {"id": "NULL", "age": -1}]',
        b"<r><p><id>1</id><age>NULL</age></p><p><id>NULL</id><age> -1 </age></p></r>",
    ],
)
def test_texts_for_no_value_are_empty_cells_in_every_format(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(text)

    reader = open_reader(tmp_path / "file", "people", NULLS)

    rows = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert rows == [("1", ""), ("", "")]
    assert reader.evidence["null_values"] == "'NULL', '-1' given"


def test_reading_goes_on_where_a_batch_ended(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("id,age\n" + "NULL,7\n" * 100)
    reader = open_reader(tmp_path / "file", "people", NULLS)
    whole = list(reader.batches())

    rest = list(reader.batches(whole[0].end))

    assert [batch.frame.rows() for batch in rest] == [batch.frame.rows() for batch in whole[1:]]
    assert set(rest[0].frame["id"]) == {""}


def test_without_such_texts_the_reader_tells_nothing_of_them(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\nNULL\n")

    reader = open_reader(tmp_path / "file", "people", ReadTerms())

    assert "null_values" not in reader.evidence
    assert next(reader.batches()).frame.rows() == [("NULL",)]
