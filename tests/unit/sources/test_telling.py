from __future__ import annotations

from pathlib import Path

from sources.base import ReadTerms
from sources.formats.csv import CsvFormat
from sources.telling import Telling
from tests.reading import assert_resumable


def test_a_reader_that_tells_more_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id,name\n1,a\n2,b\n3,c\n4,d\n")
    plain = CsvFormat(ReadTerms(batch_size=8)).open(tmp_path / "file", "people")

    reader = Telling(plain, {"more": "is told"})

    assert reader.evidence == {**plain.evidence, "more": "is told"}
    assert (reader.header, reader.named) == (plain.header, plain.named)
    assert_resumable(reader)
    assert [b.frame.rows() for b in reader.batches()] == [b.frame.rows() for b in plain.batches()]
