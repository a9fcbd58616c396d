"""What a party is asked for, and how it answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

LIST = "files.json"  # as benchmarks.polluted.filing writes it
SHOWN = 200  # characters of why a file was not read

Answer = tuple[Sequence[object], Iterable[Sequence[object]]]
Options = dict[str, Any]


def answer(read: Callable[[Path, Options], Answer]) -> None:
    """Read every file, with its options or, if asked for `auto`, without."""
    folder, mode, output = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    with output.open("w", encoding="ascii") as answers:
        for told in json.loads((folder / LIST).read_text(encoding="utf-8")):
            options = told["options"] if mode == "given" else {}
            found = _attempt(read, folder / told["file"], options)
            answers.write(json.dumps(found) + "\n")


def _attempt(read: Callable[[Path, Options], Answer], path: Path, options: Options) -> object:
    try:
        header, rows = read(path, options)
        return {
            "header": [_text(name) for name in header],
            "rows": [[_text(cell) for cell in row] for row in rows],
        }
    except Exception as exc:  # noqa: BLE001 - a party that fails is a figure, whatever it raises
        return {"error": f"{type(exc).__name__}: {exc}"[:SHOWN]}


def _text(cell: object) -> str:
    """Return a cell; None and NaN stand for cells that are not there."""
    return cell if isinstance(cell, str) else "" if cell is None or cell != cell else str(cell)  # noqa: PLR0124 - NaN
