"""pandas: `read_csv` and `to_sql`, chunk by chunk.

`multi` is the way that its documentation names for several rows per statement, in chunks as large
as PostgreSQL's limit on parameters allows; `copy` is the insertion method by COPY that its user
guide shows. For SQLite it is `plain`, one statement for many rows: its documentation warns of
`multi` for such engines and tables of many columns. Cells stay text; rows that pandas cannot read
are left out by `on_bad_lines="skip"`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from benchmarks.peers.asked import answer, asked

CHUNK = 50_000
PARAMETERS = 65_535  # of one statement


def main() -> None:
    """Load the file."""
    load = asked(("multi", "copy", "plain"))
    import pandas as pd  # noqa: PLC0415 - its time is part of the script's
    import sqlalchemy as sa  # noqa: PLC0415 - as above

    engine = sa.create_engine(load.sqlalchemy)
    chunks = pd.read_csv(
        load.file,
        dtype=str,
        keep_default_na=False,
        on_bad_lines="skip",
        encoding_errors="replace",
        chunksize=CHUNK,
    )
    for chunk in chunks:
        table = {"name": "items", "con": engine, "if_exists": "append", "index": False}
        if load.way == "multi":
            rows = PARAMETERS // len(chunk.columns)
            chunk.to_sql(**table, method="multi", chunksize=rows)
        else:
            chunk.to_sql(**table, method=_copy if load.way == "copy" else None)
    engine.dispose()
    answer()


def _copy(table: Any, connection: Any, keys: list[str], rows: Iterable[Any]) -> None:  # noqa: ANN401 - pandas' own
    """Insert by COPY, as pandas' user guide shows it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    names = ", ".join(f'"{key}"' for key in keys)
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN WITH CSV') as copy:
        copy.write(text.getvalue())


if __name__ == "__main__":
    main()
