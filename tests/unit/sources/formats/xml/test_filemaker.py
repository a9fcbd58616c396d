from __future__ import annotations

from pathlib import Path

import pytest

from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.formats.xml import XmlFormat
from tests.reading import assert_resumable

HEAD = (
    '<?xml version="1.0"?><FMPXMLRESULT xmlns="http://www.filemaker.com/fmpxmlresult"><METADATA>'
    '<FIELD EMPTYOK="YES" NAME="id" TYPE="NUMBER"/><FIELD NAME="full name" TYPE="TEXT"/>'
    '</METADATA><RESULTSET FOUND="2">'
)
ROW = '<ROW RECORDID="{0}"><COL><DATA>{0}</DATA></COL><COL><DATA>Jana</DATA></COL></ROW>'


@pytest.mark.parametrize("count", [1, 40])
def test_rows_of_filemaker_have_the_names_of_its_fields(tmp_path: Path, count: int) -> None:
    rows = "".join(map(ROW.format, range(count)))
    (tmp_path / "f").write_text(f"{HEAD}{rows}</RESULTSET></FMPXMLRESULT>")
    reader = XmlFormat(ReadTerms(batch_size=500)).open(tmp_path / "f", "f")
    assert reader.header == ("RECORDID", "id", "full name")
    found = [row for batch in reader.batches() for row in batch.frame.rows()]
    assert found == [(str(number), str(number), "Jana") for number in range(count)]
    assert_resumable(reader)


def test_without_rows_and_with_records_named_nothing_is_renamed(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(f"{HEAD}{ROW}</RESULTSET></FMPXMLRESULT>")
    terms = ReadTerms(layout=FileFormat(records="FIELD"))
    assert XmlFormat(terms).open(tmp_path / "f", "f").header == ("EMPTYOK", "NAME", "TYPE")
    terms = ReadTerms(layout=FileFormat(records="ROW"))
    assert XmlFormat(terms).open(tmp_path / "f", "f").header == ("RECORDID", "COL")
