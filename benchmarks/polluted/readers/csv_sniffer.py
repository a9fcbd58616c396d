"""The csv module of Python with its `Sniffer`, or with the marks that are given."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from benchmarks.polluted.readers.answering import Answer, Options, answer

SAMPLE = 1 << 16


def main() -> None:
    """Read every file."""
    csv.field_size_limit(1 << 30)
    answer(_read)


def _read(path: Path, options: Options) -> Answer:
    with path.open(encoding=options.get("encoding", "utf-8"), newline="") as file:
        if "delimiter" in options:
            for _ in range(options["skip_rows"]):
                file.readline()
            rows = [row for row in csv.reader(file, **_said(options)) if row]
            return (rows[0], rows[1:]) if options["header_rows"] else ((), rows)
        sample, sniffer = file.read(SAMPLE), csv.Sniffer()
        dialect, is_named = sniffer.sniff(sample), sniffer.has_header(sample)
        file.seek(0)
        rows = [row for row in csv.reader(file, dialect) if row]
    return (rows[0], rows[1:]) if is_named else ((), rows)


def _said(options: Options) -> dict[str, Any]:
    """Return options as the csv module takes them."""
    said: dict[str, Any] = {"delimiter": options["delimiter"]}
    if options["quote"]:
        said |= {"quotechar": options["quote"]}
    else:
        said |= {"quoting": csv.QUOTE_NONE}
    if options["escape"] == "\\":
        said |= {"escapechar": "\\", "doublequote": False}
    return said


if __name__ == "__main__":
    main()
