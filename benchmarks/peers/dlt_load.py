"""dlt, by rows or by Arrow tables, each merged by key.

As its page on performance says: whole pages are yielded instead of rows; Arrow tables pass the
normalizer without being taken apart; buffers are larger and files rotate, so that two workers
normalize and load in parallel; intermediary files are not compressed; PostgreSQL gets CSV, which
it loads by COPY. The strategy is `upsert`, the faster one of those that leave one row per key.
SQLite is reached by the sqlalchemy destination, for which dlt has no `upsert`: there it is
`delete-insert`, and Parquet for Arrow tables.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

from benchmarks.peers.asked import Asked, answer, asked

PAGE = 10_000
BLOCK = 16 << 20
SETTINGS = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
    "DATA_WRITER__FILE_MAX_ITEMS": "200000",
    "DATA_WRITER__DISABLE_COMPRESSION": "true",
    "NORMALIZE__WORKERS": "2",
    "NORMALIZE__START_METHOD": "spawn",
    "LOAD__WORKERS": "2",
}


def main() -> None:
    """Load the file."""
    load = asked(("arrow", "rows"))
    os.environ.update(SETTINGS)
    import dlt  # noqa: PLC0415 - reads its settings from the environment

    strategy = "delete-insert" if load.is_sqlite else "upsert"
    items = dlt.resource(
        (_tables if load.way == "arrow" else _pages)(load),
        name="items",
        primary_key="sku",
        write_disposition={"disposition": "merge", "strategy": strategy},
    )
    destination = (
        dlt.destinations.sqlalchemy(load.sqlalchemy)
        if load.is_sqlite
        else dlt.destinations.postgres(load.database)
    )
    pipeline = dlt.pipeline("benchmark", destination=destination, dataset_name="benchmark")
    written = {} if load.is_sqlite else {"loader_file_format": "csv"}
    pipeline.run(items, **written).raise_on_failed_jobs()
    if load.is_sqlite:  # every dataset is a file of its own, beside the one asked for
        answer(database=load.database.removesuffix(".db") + "__benchmark.db")
    else:
        answer("benchmark.items")


def _pages(load: Asked) -> Iterator[list[dict[str, str]]]:
    """Yield rows as the csv module reads them, many at a time."""
    with load.file.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while page := list(islice(rows, PAGE)):
            yield page


def _tables(load: Asked) -> Iterator[Any]:
    """Yield Arrow tables, every column as text: dlt does not convert them."""
    import pyarrow as pa  # noqa: PLC0415 - not for rows
    from pyarrow import csv as arrow_csv  # noqa: PLC0415 - as above

    with load.file.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    yield from arrow_csv.open_csv(
        load.file,
        read_options=arrow_csv.ReadOptions(block_size=BLOCK),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string())),
    )


if __name__ == "__main__":
    main()
