from __future__ import annotations

import gzip
import io
import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from definitions.batches import Batch, Position
from definitions.errors import FormatError, LostLeaseError
from definitions.model import FileFormat
from sources.base import ExpandLimits, ReadTerms
from sources.formats.parquet import ParquetFormat
from sources.formats.parquet.reader import ParquetReader
from sources.opening import open_reader
from tests.unit.sources.formats.parquet.intervals_file import FILE as INTERVALS
from tests.unit.sources.formats.parquet.uuids_file import FILE, UUID

ROWS = 5000
LIMITED = ExpandLimits(max_ratio=100, free_size=1000)
STOPPED = LostLeaseError("stop")


def frame(rows: int = ROWS) -> pl.DataFrame:
    numbers = pl.int_range(rows, eager=True)
    names = numbers.cast(pl.String)
    return pl.DataFrame({"id": numbers, "name": "Name " + names, "half": numbers + 0.5})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    frame().write_parquet(tmp_path / "f", row_group_size=1700)
    return tmp_path / "f"


def opened(file: Path, terms: ReadTerms | None = None) -> ParquetReader:
    return ParquetFormat(terms or ReadTerms()).open(file, "people")


def heights(batches: Sequence[Batch]) -> list[int]:
    return [batch.frame.height for batch in batches]


@pytest.mark.parametrize("size", [1, 1000, 20_000, 4 << 20])
def test_rows_come_in_order_in_batches_of_the_size_wanted(size: int, tmp_path: Path) -> None:
    rows = 50 if size == 1 else ROWS
    frame(rows).write_parquet(tmp_path / "f", row_group_size=1700)

    batches = list(opened(tmp_path / "f", ReadTerms(batch_size=size)).batches())

    assert pl.concat(batch.frame for batch in batches).equals(
        frame(rows).select(pl.all().cast(pl.String))
    )
    assert [n for batch in batches for n in batch.rows.tolist()] == list(range(1, rows + 1))
    assert max(batch.frame.estimated_size() for batch in batches) < max(200, 2 * size)


def test_columns_with_intervals_are_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(INTERVALS)

    reader = opened(tmp_path / "f")

    assert reader.header == ("id", "name", "ids")
    assert reader.evidence["left_out"] == (
        "no column: 'age', 'part', as there are intervals, or times of 24:00:00 and later; "
        "write these as text"
    )
    assert [row for batch in reader.batches() for row in batch.frame.rows()] == [
        ("1", "x", "[1,2]"),
        ("2", "y", ""),
    ]


def test_a_row_is_its_own_line_and_a_position_counts_rows(file: Path) -> None:
    first = next(opened(file, ReadTerms(batch_size=1000)).batches())

    assert first.lines.tolist() == first.rows.tolist()
    done = first.frame.height
    assert first.end == Position(byte=done, row=done + 1, line=done + 1)


def test_reading_goes_on_at_any_row(file: Path) -> None:
    for row in (1, 2, 1700, 1701, 3401, ROWS, ROWS + 1):
        rest = list(opened(file).batches(Position(byte=0, row=row, line=row)))
        numbers = [n for batch in rest for n in batch.frame["id"].to_list()]
        assert numbers == [str(n) for n in range(row - 1, ROWS)]


def test_long_rows_make_small_batches(tmp_path: Path) -> None:
    texts = [str(n).zfill(20_000) for n in range(1500)]
    pl.DataFrame({"text": texts}).write_parquet(tmp_path / "f")

    found = heights(list(opened(tmp_path / "f", ReadTerms(batch_size=100_000)).batches()))

    assert (sum(found), max(found) <= 5) == (1500, True)


def test_it_is_found_by_its_first_bytes(file: Path) -> None:
    reader = open_reader(file, "people", ReadTerms())

    assert reader.header == ("id", "name", "half")
    assert reader.named
    assert reader.evidence == {"format": "parquet", "rows": str(ROWS)}


def test_columns_that_are_no_texts_are_told_whole(file: Path) -> None:
    batches = list(opened(file, ReadTerms(batch_size=20_000)).batches())

    assert len(batches) > 1
    for batch in batches:
        typed = {name: cells.tolist() for name, cells in batch.typed.items()}
        assert typed == dict.fromkeys(("id", "half"), [True] * batch.frame.height)


def test_columns_of_bytes_are_told(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1], "photo": [b"x"]}).write_parquet(tmp_path / "f")

    assert opened(tmp_path / "f").evidence["base64_columns"] == "photo"


def test_uuids_are_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(FILE)
    reader = opened(tmp_path / "f")

    assert reader.evidence["base64_columns"] == "photo"
    assert next(reader.batches()).frame["id"].to_list() == [UUID, ""]
    assert next(reader.batches()).frame["part.of"].to_list() == [UUID, ""]
    assert next(reader.batches()).frame["ids"].to_list() == [f'["{UUID}",null]', ""]


def test_names_that_are_there_twice_are_made_unique(tmp_path: Path) -> None:
    pl.DataFrame({"a.b": [1], "a": [{"b": 2}]}).write_parquet(tmp_path / "f")
    reader = opened(tmp_path / "f")

    assert reader.header == ("a.b", "a.b_2")
    assert reader.evidence["renamed_columns"] == "'a.b' -> 'a.b_2'"
    assert next(reader.batches()).frame.rows() == [("1", "2")]


def test_the_definition_may_name_the_columns(file: Path) -> None:
    given = ("one", "two", "three")
    reader = opened(file, ReadTerms(layout=FileFormat(column_names=given)))

    assert reader.header == given
    assert next(reader.batches()).frame.columns == list(given)
    with pytest.raises(FormatError, match="has 3 columns, `column_names` has 1; give each"):
        opened(file, ReadTerms(layout=FileFormat(column_names=("one",))))


def test_whoever_stops_the_reading_is_heard(file: Path) -> None:
    def heartbeat() -> None:
        raise STOPPED

    with pytest.raises(LostLeaseError):
        next(opened(file, ReadTerms(heartbeat=heartbeat)).batches())


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"text": ["x" * 1000] * 100_000}).write_parquet(tmp_path / "f")

    with pytest.raises(FormatError, match=r"'people' grows more than 100 times.*UNPACK_RATIO"):
        list(opened(tmp_path / "f", ReadTerms(limits=LIMITED)).batches())
    with pytest.raises(FormatError, match="'people' holds more than 10000 bytes"):
        list(opened(tmp_path / "f", ReadTerms(limits=ExpandLimits(max_size=10_000))).batches())


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"id,name\n", "is no Parquet file, or a packed one"),
        (gzip.compress(b"PAR1 PAR1", mtime=0), "is no Parquet file, or a packed one"),
        (b"", "is no Parquet file"),
        (b"PAR1", "is damaged"),
        (b"PAR1 and nothing", "ends in the middle; fetch or write it again"),
        (b"PAR1 and PAR1", "is damaged .*; write it again"),
        (b"PARE and PARE", "is encrypted"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(FormatError, match=problem):
        opened(tmp_path / "f")


def test_a_file_without_columns_is_refused(tmp_path: Path) -> None:
    pl.DataFrame().write_parquet(tmp_path / "f")
    with pytest.raises(FormatError, match="'people' has 0 columns"):
        opened(tmp_path / "f")


def test_damage_is_a_format_error_wherever_it_is(file: Path) -> None:
    """What is changed without a trace is a value: this kind of file has no checksums of them."""
    whole = file.read_bytes()
    chance = random.Random(4)
    for _ in range(60):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole) * 9 // 10, len(whole))] ^= 0xFF
        file.write_bytes(damaged)
        try:
            found = sum(heights(list(opened(file).batches())))
        except FormatError:
            continue
        assert found == ROWS


@pytest.mark.parametrize("width", [1, 12, 13, 100])
def test_columns_that_are_read_in_turn_stand_in_their_order(width: int, tmp_path: Path) -> None:
    columns = {f"c{n}": [n, n + 1000] for n in range(width)}
    pl.DataFrame(columns).write_parquet(tmp_path / "f")

    (batch,) = opened(tmp_path / "f").batches()

    assert batch.frame.columns == list(columns)
    assert batch.frame.rows() == [
        tuple(str(n) for n in range(width)),
        tuple(str(n + 1000) for n in range(width)),
    ]


def test_two_columns_of_one_name_are_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(
        _written(pl.DataFrame({"first": [1], "other": [2]})).replace(b"other", b"first")
    )
    with pytest.raises(FormatError, match=r"more than one occurrence\); give every column a name"):
        ParquetFormat().open(tmp_path / "f", "f")


def _written(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()
