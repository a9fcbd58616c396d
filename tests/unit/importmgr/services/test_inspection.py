from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.errors import FormatError, InvalidError
from definitions.model import MalformedRows, TargetType
from definitions.schema import to_format
from importmgr.services.inspection import (
    LOOKED_AT,
    MOST_FAULTS,
    Copied,
    Inspection,
    Inspector,
    InspectTerms,
    layout_of,
)
from importmgr.services.local_files import LocalFile
from importmgr.settings import Settings
from sources import opening, registry
from sources.registry import FORMATS
from tests.padding_format import BEGINNING, KIND, NUMBERED

FIRST = InspectTerms(layout=layout_of({}), rows=10, everything=False)
ALL = InspectTerms(layout=layout_of({}), rows=10, everything=True)
SMALL = Settings(batch_bytes=1 << 12)
MIB = 1 << 20


@pytest.fixture
def padding_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format more in the registry, whose malformed rows are padded."""
    monkeypatch.setattr(opening, "FORMATS", {**FORMATS, "padding": KIND})
    monkeypatch.setattr(registry, "FORMATS", {**FORMATS, "padding": KIND})


def local(path: Path, content: bytes) -> LocalFile:
    path.write_bytes(content)
    return LocalFile(name="people", path=path, size=len(content))


def inspected(file: LocalFile, terms: InspectTerms = FIRST) -> Inspection:
    return Inspector(SMALL).inspect(file, terms)


def copied(file: LocalFile, terms: InspectTerms = ALL) -> tuple[Copied, bytes]:
    out = io.BytesIO()
    return Inspector(SMALL).copy(file, terms, out.write), out.getvalue()


def test_a_file_is_seen_as_an_import_would_read_it(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b'id;name\n1;a\n2;"b;\nc"\n')
    seen = inspected(file)

    assert (seen.name, seen.size, seen.format) == ("people", file.size, "csv")
    assert seen.evidence["delimiter"] == "';' found: 3 of 3 rows have 2 fields"
    assert (seen.header, seen.named) == (("id", "name"), True)
    assert (seen.rows_read, seen.is_whole, seen.fault_count) == (2, True, 0)
    assert [(r.row, r.line, r.cells) for r in seen.rows] == [
        (1, 2, ("1", "a")),
        (2, 3, ("2", "b;\nc")),
    ]
    assert [column.suggested for column in seen.columns] == [TargetType.NUMBER, TargetType.STRING]


def test_only_the_beginning_of_a_long_file_is_looked_at(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b"id,name\n" + b"12345,name of one\n" * 10_000)
    seen, everything = inspected(file), inspected(file, ALL)

    assert seen.rows_read < 1_000
    assert (seen.is_whole, seen.columns[0].rows) == (False, seen.rows_read)
    assert (everything.rows_read, everything.is_whole) == (10_000, True)
    assert len(seen.rows) == len(everything.rows) == 10


def test_a_profile_is_of_the_first_batch_of_a_megabyte(tmp_path: Path) -> None:
    row = b"12345,name of one\n"
    file = local(tmp_path / "file", b"id,name\n" + row * (3 * MIB // len(row)))

    seen = Inspector(Settings()).inspect(file, FIRST)
    assert (seen.rows_read, seen.is_whole) == (MIB // len(row), False)


@pytest.mark.parametrize(
    ("before", "row", "behind"),
    [
        (b"[", b'{"id": 1, "note": "%b"}', b"]"),
        (b"<l>", b"<p><id>1</id><note>%b</note></p>", b"</l>"),
    ],
)
def test_a_profile_of_records_is_of_two_or_three_megabytes(
    before: bytes, row: bytes, behind: bytes, tmp_path: Path
) -> None:
    row = row % (b"x" * 200)
    rows = (b",\n" if before == b"[" else b"\n").join([row] * (5 * MIB // len(row)))

    seen = Inspector(Settings()).inspect(local(tmp_path / "file", before + rows + behind), FIRST)
    assert 1.9 * MIB < seen.rows_read * len(row) < 3.1 * MIB


def test_a_profile_of_parquet_is_of_1024_rows(tmp_path: Path) -> None:
    out = io.BytesIO()
    pl.DataFrame({"id": range(3_000)}).write_parquet(out)

    seen = Inspector(Settings()).inspect(local(tmp_path / "file", out.getvalue()), FIRST)
    assert (seen.rows_read, seen.is_whole) == (1_024, False)


def test_as_many_rows_are_shown_as_are_wanted(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b"id,name\n" + b"12345,name of one\n" * 10_000)

    for rows in (0, 1, 700):
        terms = InspectTerms(layout=layout_of({}), rows=rows, everything=False)
        assert len(inspected(file, terms).rows) == rows
        assert copied(file, terms)[1].count(b"\r\n") == rows + 1


def test_a_batch_is_never_larger_than_is_looked_at() -> None:
    assert Inspector(Settings())._read_terms(FIRST).batch_size == LOOKED_AT
    assert Inspector(Settings())._read_terms(ALL).batch_size == Settings().batch_bytes


def test_the_first_faults_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b"id,name\n" + b"1,a\n1,a\n1,a\n1,a,b\n" * 5_000)
    seen = inspected(file, ALL)
    done, _ = copied(file)

    for found in (seen, done):
        assert (len(found.faults), found.fault_count) == (MOST_FAULTS, 5_000)
        assert [(f.row, f.line) for f in found.faults[:2]] == [(4, 5), (8, 9)]
    assert seen.rows_read == 20_000


def test_faults_are_told_of_the_rows_that_are_shown(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b"id,name\n1,a\n2,b,c\n3,d\n4,e,f\n")
    terms = InspectTerms(layout=layout_of({"malformed_rows": "reject"}), rows=2, everything=False)

    assert [fault.row for fault in copied(file, terms)[0].faults] == [2]


def test_a_malformed_row_is_read_unless_told_otherwise() -> None:
    assert layout_of({}).malformed_rows is MalformedRows.PAD
    assert layout_of({"malformed_rows": None}).malformed_rows is MalformedRows.PAD
    assert layout_of({"malformed_rows": "reject"}).malformed_rows is MalformedRows.REJECT
    with pytest.raises(InvalidError, match=r"format: must be a JSON object, not an array"):
        layout_of([])


@pytest.mark.usefixtures("padding_format")
def test_a_padded_row_is_shown_counted_and_a_fault(tmp_path: Path) -> None:
    file = local(tmp_path / "file", f"{BEGINNING}a-b\nc\n".encode())
    seen = inspected(file)
    done, text = copied(file)

    assert (seen.format, seen.evidence) == ("padding", {"made_of": "hyphens"})
    assert [row.cells for row in seen.rows] == [("a", "b"), ("c", "")]
    assert (seen.rows_read, seen.fault_count, seen.faults[0].rejects_row) == (2, 1, False)
    assert text == b"left,right\r\na,b\r\nc,\r\n"
    assert (done.rows, done.fault_count) == (2, 1)


@pytest.mark.usefixtures("padding_format")
def test_columns_without_names_are_written_without_them(tmp_path: Path) -> None:
    file = local(tmp_path / "file", f"{NUMBERED}a-b\n".encode())

    assert copied(file)[1] == b"a,b\r\n"
    assert inspected(file).named is False


def test_a_file_of_no_bytes_has_no_rows_and_nothing_to_look_at(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b"")

    assert copied(file) == (Copied(rows=0, faults=(), fault_count=0), b"")
    with pytest.raises(FormatError, match="empty"):
        inspected(file)


NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=3, max_size=5, unique=True)
CELLS = st.text(
    st.sampled_from("ab\"',;\t|\n \\é1") | st.characters(codec="utf-8", exclude_characters="\r\0"),
    max_size=8,
)


DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    }
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@settings(max_examples=100)
@given(st.data(), NAMES, DIALECTS, ENCODINGS)
def test_every_row_is_copied_whatever_the_file_is_like(
    data: st.DataObject, names: list[str], dialect: dict[str, Any], encoding: str
) -> None:
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(names)), max_size=20))
    written = io.StringIO(newline="")
    csv.writer(written, **dialect).writerows([names, *rows])
    delimiter = dialect["delimiter"]
    layout = layout_of({"delimiter": delimiter, "header_rows": 1, "skip_rows": 0, "quote": '"'})
    terms = InspectTerms(layout=layout, rows=10, everything=True)
    with TemporaryDirectory() as folder:
        file = local(Path(folder) / "file", written.getvalue().encode(encoding))
        done, text = copied(file, terms)

    read = list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True))
    assert read == [names, *map(list, rows)]
    assert (done.rows, done.fault_count) == (len(rows), 0)


def test_what_is_not_said_about_a_file_is_as_the_schema_has_it() -> None:
    assert layout_of({"delimiter": None}) == layout_of({}) == to_format({"malformed_rows": "pad"})


def test_numbers_that_are_no_text_are_profiled_as_such(tmp_path: Path) -> None:
    mixed = inspected(local(tmp_path / "a", b'[{"p":1.5},{"p":"2,5"},{"p":1.234}]'), ALL)
    texts = inspected(local(tmp_path / "b", b'[{"p":"1.5"},{"p":"2,5"},{"p":"1.234"}]'), ALL)

    assert [seen.columns[0].types.get(TargetType.NUMBER) for seen in (mixed, texts)] == [3, 2]
    assert mixed.columns[0].samples == texts.columns[0].samples == ("1.5", "2,5", "1.234")


def test_the_first_rows_are_copied_of_a_file_with_numbers_and_texts(tmp_path: Path) -> None:
    file = local(tmp_path / "file", b'[{"p":1.5},{"p":"2,5"},{"p":1.234}]')

    assert copied(file, InspectTerms(layout=layout_of({}), rows=2, everything=False))[1] == (
        b'p\r\n1.5\r\n"2,5"\r\n'
    )
