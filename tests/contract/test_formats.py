"""What every format of the registry promises, whatever it reads."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from definitions.batches import Batch
from definitions.errors import FormatError
from sources.base import Format, Reader
from sources.registry import FORMATS, load
from tests.workbooks import written

COLUMNS = ("id", "name", "note")
ROWS: list[tuple[str, ...]] = [
    (str(n), f"Name {n}", "" if n % 3 else 'ü "x", y') for n in range(1, 401)
]


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return ("\n".join([",".join(COLUMNS), *quoted]) + "\n").encode()


def _parquet(rows: list[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    schema = dict.fromkeys(COLUMNS, pl.String())
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(out, row_group_size=150)
    return out.getvalue()


def _json(rows: list[tuple[str, ...]]) -> bytes:
    records = (json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows)
    return ("[\n" + ",\n".join(records) + "\n]\n").encode()


def _xml(rows: list[tuple[str, ...]]) -> bytes:
    root = ET.Element("people")
    for row in rows:
        record = ET.SubElement(root, "person")
        for name, cell in zip(COLUMNS, row, strict=True):
            ET.SubElement(record, name).text = cell
    ET.indent(root)
    return b"<?xml version='1.0'?>\n" + bytes(ET.tostring(root, encoding="utf-8"))


WRITERS: dict[str, Callable[[list[tuple[str, ...]]], bytes]] = {
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
    "xml": _xml,
    "xlsx": lambda rows: written({"People": [COLUMNS, *rows]}),
}
NO_LINES = {"parquet"}  # a row's number stands for its line
BINARY = {
    "pdf": b"%PDF-1.7\n1 0 obj",
    "zip": b"PK\x03\x04rest",
    "parquet": b"PAR1rest",
    "nothing": b"",
    "cut gzip": gzip.compress(b"id,name\n" * 100)[:-4],
}


@pytest.fixture(params=sorted(FORMATS))
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def form(kind: str) -> Format:
    made: Format = load(FORMATS[kind])()
    return made


@pytest.fixture
def reader(kind: str, form: Format, tmp_path: Path) -> Reader:
    (tmp_path / "file").write_bytes(WRITERS[kind](ROWS))
    return form.open(tmp_path / "file", "people")


def cells(batches: list[Batch]) -> list[tuple[str, ...]]:
    return [row for batch in batches for row in batch.frame.rows()]


def test_every_format_has_a_writer_here() -> None:
    assert set(WRITERS) == set(FORMATS)


def test_the_header_names_every_column_once(reader: Reader) -> None:
    assert reader.header == COLUMNS


def test_every_cell_comes_as_text_in_file_order(reader: Reader) -> None:
    batches = list(reader.batches())
    assert cells(batches) == ROWS
    for batch in batches:
        assert batch.frame.schema == dict.fromkeys(COLUMNS, pl.String)


def test_texts_are_told_from_other_values(reader: Reader) -> None:
    """All cells are texts in these files, the numbers in them too."""
    assert [batch.typed for batch in reader.batches() if batch.typed] == []


def test_rows_and_lines_are_numbered_from_the_data_on(reader: Reader, kind: str) -> None:
    batches = list(reader.batches())
    assert [n for batch in batches for n in batch.rows.tolist()] == list(range(1, len(ROWS) + 1))
    lines = [n for batch in batches for n in batch.lines.tolist()]
    assert lines == sorted(lines)
    assert lines[0] > (0 if kind in NO_LINES else 1)


def test_the_end_of_a_batch_is_where_reading_goes_on(reader: Reader) -> None:
    batches = list(reader.batches())
    for done, batch in enumerate(batches, start=1):
        assert cells(list(reader.batches(batch.end))) == cells(batches[done:])
        assert batch.end.row == 1 + sum(other.read for other in batches[:done])


def test_reading_twice_gives_the_same(reader: Reader) -> None:
    assert cells(list(reader.batches())) == cells(list(reader.batches()))


def test_a_file_without_rows_has_no_batches(kind: str, form: Format, tmp_path: Path) -> None:
    """BR25."""
    (tmp_path / "file").write_bytes(WRITERS[kind]([]))
    assert list(form.open(tmp_path / "file", "people").batches()) == []


def test_what_was_detected_is_told_as_text(reader: Reader) -> None:
    assert reader.evidence
    assert all(isinstance(text, str) for text in reader.evidence.values())


@pytest.mark.parametrize("content", BINARY.values(), ids=BINARY.keys())
def test_what_is_not_of_the_format_is_a_format_error(
    content: bytes, form: Format, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(FormatError):
        list(form.open(tmp_path / "file", "people").batches())
