"""Files that are polluted in exactly one way are read as a person would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.csv import CsvFormat
from tests.polluting import POLLUTIONS, Table, polluted

TERMS = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD))


def read(file: Path) -> Table:
    reader = CsvFormat(TERMS).open(file, file.name)
    rows = [cells for batch in reader.batches() for cells in batch.frame.iter_rows()]
    return Table(header=tuple(reader.header), rows=tuple(rows))


@pytest.mark.parametrize("name", POLLUTIONS)
def test_a_polluted_file_is_read_as_a_person_would(name: str, tmp_path: Path) -> None:
    wrong = {}
    for table, file in polluted(name):
        (tmp_path / "f.csv").write_bytes(file.data)
        found = read(tmp_path / "f.csv")
        if found != file.table:
            unlike = set(found.rows) ^ set(file.table.rows)
            wrong[table] = found.header, len(found.rows), sorted(unlike)
    assert wrong == {}
