"""pandas: `read_csv` with its own detection, leaving out lines that it cannot read."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd

from benchmarks.polluted.readers.answering import Answer, Options, answer

LENIENT = {"engine": "python", "on_bad_lines": "skip", "dtype": str, "keep_default_na": False}


def main() -> None:
    """Read every file."""
    warnings.simplefilter("ignore")
    answer(_read)


def _read(path: Path, options: Options) -> Answer:
    frame = pd.read_csv(path, **LENIENT, **_said(options))
    if not isinstance(frame.index, pd.RangeIndex):  # it took the first columns for names of rows
        frame = frame.reset_index()
    is_named = options.get("header_rows", 1) > 0
    return (list(frame.columns) if is_named else (), frame.to_numpy().tolist())


def _said(options: Options) -> Options:
    """Return options as pandas takes them."""
    if not options:
        return {"sep": None}
    said = {
        "sep": None,
        "encoding": options["encoding"],
        "skiprows": options["skip_rows"],
        "header": 0 if options["header_rows"] else None,
    }
    if "delimiter" not in options:
        return said
    mark, quote = options["delimiter"], options["quote"]
    said["sep"] = mark if len(mark) == 1 else re.escape(mark)
    said |= {"quotechar": quote} if quote else {"quoting": 3}
    return said | ({"escapechar": "\\"} if options["escape"] == "\\" else {})


if __name__ == "__main__":
    main()
