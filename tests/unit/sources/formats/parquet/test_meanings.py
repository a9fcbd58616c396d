from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.formats.parquet.meanings import with_texts
from tests.unit.sources.formats.parquet.json_columns import told_as_json
from tests.unit.sources.formats.parquet.uuids_file import FILE, UUID


def read(file: Path) -> pl.DataFrame:
    return with_texts(pl.scan_parquet(file), file)[0].collect()


def test_a_uuid_is_its_text_wherever_it_is_but_in_maps(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(FILE)

    first, nothing = read(tmp_path / "f").rows(named=True)

    assert first == {
        "id": UUID,
        "photo": b"ab",
        "part": {"of": UUID, "n": 1},
        "ids": [UUID, None],
        "named": {bytes.fromhex(UUID.replace("-", "")): b"x"},
    }
    assert set(nothing.values()) == {None}


DOCUMENT = '{"name": "Jiří"}'


def test_json_is_its_text_wherever_it_is(tmp_path: Path) -> None:
    text = DOCUMENT.encode()
    columns = {"doc": [text, None], "part": [{"of": text, "n": 1}, None], "photo": [b"ab", None]}
    lists = pl.Series("docs", [[text, None], None], dtype=pl.List(pl.Binary()))
    pl.DataFrame(columns).with_columns(lists).write_parquet(tmp_path / "f")
    told_as_json(tmp_path / "f", "doc", "of", "element")

    first, nothing = read(tmp_path / "f").rows(named=True)

    assert first == {
        "doc": DOCUMENT,
        "part": {"of": DOCUMENT, "n": 1},
        "photo": b"ab",
        "docs": [DOCUMENT, None],
    }
    assert set(nothing.values()) == {None}


def test_columns_without_uuids_stay_as_they_are(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": [1], "bytes": [b"x" * 16], "part": [{"a": [b"y"]}]})
    frame.write_parquet(tmp_path / "f")

    assert read(tmp_path / "f").equals(frame)
