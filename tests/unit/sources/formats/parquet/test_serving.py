from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl

from sources.formats.parquet.serving import ABOUT, DAMAGED, LENGTH_BYTES, WINDOW, serve


def answers(file: Path, *asked: tuple[int, int]) -> list[tuple[bytes, bytes]]:
    """Return the kind and the content of each answer."""
    lines = "".join(json.dumps(each) + "\n" for each in asked)
    given = io.BytesIO()
    serve(file, io.BytesIO(lines.encode()), given)
    found, rest = [], given.getvalue()
    while rest:
        size = int.from_bytes(rest[1 : 1 + LENGTH_BYTES])
        end = 1 + LENGTH_BYTES + size
        found.append((rest[:1], rest[1 + LENGTH_BYTES : end]))
        rest = rest[end:]
    return found


def test_a_file_is_told_of_before_its_rows(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1, 2]}).write_parquet(tmp_path / "f")

    (told, about), (kind, rows) = answers(tmp_path / "f", (1, 5))

    assert (told, kind) == (ABOUT, WINDOW)
    assert json.loads(about) == {
        "height": 2,
        "columns": [{"name": "id", "is_binary": False, "is_typed": True}],
        "left_out": [],
    }
    assert pl.read_ipc_stream(io.BytesIO(rows)).rows() == [("2",)]


def test_damage_is_told_with_its_reason(tmp_path: Path) -> None:
    pl.DataFrame({"price": [1.5]}).write_parquet(tmp_path / "f")
    whole = (tmp_path / "f").read_bytes()
    (tmp_path / "f").write_bytes(whole[: len(whole) // 2])
    ((kind, reason),) = answers(tmp_path / "f")
    assert kind == DAMAGED
    assert reason
