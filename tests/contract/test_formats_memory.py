"""Every format reads a large file in the memory that a small one takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from sources.registry import FORMATS
from tests.reading import memory_growth

ROWS = 25_000
MOST_GROWTH = 60  # MB; the large files have about 60 MB
NOTE = "x" * 2000


def _json(out: BinaryIO, rows: int) -> None:
    out.write(b"[\n")
    for number in range(rows):
        end = "," if number < rows - 1 else "]"
        out.write(f"{json.dumps({'id': number, 'note': NOTE, 'in': {'x': 1.50}})}{end}\n".encode())


WRITERS: dict[str, Callable[[BinaryIO, int], None]] = {"json": _json}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_memory_does_not_grow_with_the_file(kind: str, tmp_path: Path) -> None:
    assert kind in FORMATS
    for name, rows in (("small", ROWS // 10), ("large", ROWS)):
        with (tmp_path / name).open("wb") as out:
            WRITERS[kind](out, rows)
    rows, growth = memory_growth(tmp_path / "small", tmp_path / "large")
    assert rows == ROWS
    assert growth < MOST_GROWTH
