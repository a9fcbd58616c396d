"""importmgr: what `importmgr inspect --all --csv` writes, read back by the csv module."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from benchmarks.polluted.readers.answering import Answer, Options, answer
from importmgr.cli.inside import read_settings
from importmgr.services.inspection import Inspector, InspectTerms, layout_of
from importmgr.services.local_files import LocalFile


def main() -> None:
    """Read every file."""
    csv.field_size_limit(1 << 30)
    inspector = Inspector(read_settings())

    def read(path: Path, options: Options) -> Answer:
        file = LocalFile(name=path.name, path=path, size=path.stat().st_size)
        terms = InspectTerms(layout=layout_of(options), rows=0, everything=True)
        text = io.BytesIO()
        copied = inspector.copy(file, terms, text.write)
        rows = list(csv.reader(io.StringIO(text.getvalue().decode(), newline="")))
        is_named = len(rows) > copied.rows
        return (rows[0], rows[1:]) if is_named else ((), rows)

    answer(read)


if __name__ == "__main__":
    main()
