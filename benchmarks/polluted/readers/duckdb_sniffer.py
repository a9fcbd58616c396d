"""DuckDB's `read_csv`: its detection, and the settings its documentation names for faulty files.

They leave out rows that cannot be read and fill up short ones; every column is text. A quoted line
end needs reading by one thread where rows are filled up. `strict_mode` stays on: without it more
files are read, but quotes that are doubled stay so, and less is right altogether.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from benchmarks.polluted.readers.answering import Answer, Options, answer

LENIENT = {
    "all_varchar": True,
    "ignore_errors": True,
    "null_padding": True,
    "parallel": False,
}
NO_NAME = re.compile(r"column\d+")
ENCODINGS = {"utf-16-le": "utf-16", "cp1252": "latin-1"}  # others need an extension


def main() -> None:
    """Read every file."""
    connection = duckdb.connect()

    def read(path: Path, options: Options) -> Answer:
        said = LENIENT | _said(options)
        found = connection.execute(
            f"SELECT * FROM read_csv(?, {', '.join(f'{name} = ?' for name in said)})",  # noqa: S608
            [str(path), *said.values()],
        )
        names = [column[0] for column in found.description]
        is_named = not all(map(NO_NAME.fullmatch, names))
        return (names if is_named else (), found.fetchall())

    answer(read)


def _said(options: Options) -> Options:
    """Return options as DuckDB takes them."""
    if not options:
        return {}
    said = {"skip": options["skip_rows"], "header": bool(options["header_rows"])}
    if "delimiter" in options:
        said |= {name: options[name] for name in ("quote", "escape")}
        said["delim"] = options["delimiter"]
    encoding = options["encoding"]
    return said if encoding == "utf-8" else said | {"encoding": ENCODINGS.get(encoding, encoding)}


if __name__ == "__main__":
    main()
