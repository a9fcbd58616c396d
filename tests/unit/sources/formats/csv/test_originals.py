from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.batches import Batch
from definitions.faults import FaultCode
from definitions.model import FileFormat
from definitions.rejects import TextForm
from sources.base import ReadTerms
from sources.formats.csv import CsvFormat
from sources.gathering import MOST_FAULTS

LAYOUT = FileFormat(delimiter=",", quote='"', escape='"', encoding="utf-8", header_rows=1)
SMALL = CsvFormat(ReadTerms(batch_size=64, layout=LAYOUT), block_size=16)


def batches_of(tmp_path: Path, data: bytes, way: CsvFormat = SMALL) -> list[Batch]:
    (tmp_path / "f").write_bytes(data)
    return list(way.open(tmp_path / "f", "f.csv").batches())


def texts_of(batch: Batch) -> list[tuple[int, bytes | None]]:
    """Return each row of a batch by its number, the malformed ones with the others."""
    assert batch.originals is not None
    rows: list[tuple[int, int, FaultCode | None]]
    rows = [
        *((row, line, None) for row, line in zip(batch.rows, batch.lines, strict=True)),
        *((fault.row, fault.line, fault.code) for fault in batch.faults),
    ]
    rows.sort(key=lambda each: each[0])
    texts = batch.originals.texts([(line, code) for _, line, code in rows])
    return list(zip([int(row) for row, _, _ in rows], texts, strict=True))


def test_every_row_is_found_as_it_stands(tmp_path: Path) -> None:
    data = b'id,a\n1,"x\ny"\n\n2\n3,"a"b\n4,5,6\r\n7,\xff\n8,15" wide\n9,"open\n10,\xc3\xa9'

    found = [each for batch in batches_of(tmp_path, data) for each in texts_of(batch)]

    assert found == [
        (1, b'1,"x\ny"\n'),
        (2, b"2\n"),
        (3, b'3,"a"b\n'),
        (4, b"4,5,6\r\n"),
        (5, b"7,\xff\n"),
        (6, b'8,15" wide\n'),
        (7, b'9,"open\n'),
        (8, b"10,\xc3\xa9\n"),
    ]


def test_of_very_many_malformed_rows_each_is_found_as_it_stands(tmp_path: Path) -> None:
    rows = [b"row %d\n" % number for number in range(2 * MOST_FAULTS + 5_000)]
    way = CsvFormat(ReadTerms(layout=LAYOUT))

    batches = batches_of(tmp_path, b"id,a\n" + b"".join(rows), way)

    found = [text for batch in batches for _, text in texts_of(batch)]
    assert len(batches) > 2
    assert found == rows


def test_a_row_that_is_too_long_is_not_kept(tmp_path: Path) -> None:
    data = b"id,a\n1,2\n2," + b"x" * (5 << 20) + b"\n3,4\n"

    found = [each for batch in batches_of(tmp_path, data) for each in texts_of(batch)]

    assert found == [(1, b"1,2\n"), (2, None), (3, b"3,4\n")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    cells=st.lists(
        st.tuples(*[st.sampled_from(["", "a", "é", '"x\ny"', '"a,b"', '"q""q"', "b\tc"])] * 2),
        min_size=1,
        max_size=30,
    )
)
def test_good_rows_together_are_the_file(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    rows = [",".join(row).encode() + b"\n" for row in cells]
    data = b"id,a\n" + b"".join(rows)

    found = [each for batch in batches_of(tmp_path, data) for each in texts_of(batch)]

    assert found == list(enumerate(rows, start=1))


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (
            b"id;a\r\n1;'x;y'\r\n2;'z'\r\n",
            TextForm(
                encoding="utf-8",
                mark=False,
                delimiter=";",
                quote="'",
                escape="'",
                record_end="\r\n",
            ),
        ),
        (
            "id\ta\n1\tx\n2\té\n".encode("utf-16"),
            TextForm(
                encoding="utf-16-le",
                mark=True,
                delimiter="\t",
                quote='"',
                escape='"',
                record_end="\n",
            ),
        ),
    ],
)
def test_the_form_tells_how_the_file_is_written(
    tmp_path: Path, data: bytes, form: TextForm
) -> None:
    (batch,) = batches_of(tmp_path, data, CsvFormat())

    assert batch.originals is not None
    assert batch.originals.form == form
