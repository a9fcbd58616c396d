"""The sqlite3 shell: `.import --csv`, or `.import` with the marks that are given.

It has no detection, reads UTF-8 only and takes the first line for the header. Where there is none,
the table is made before, with as many columns as the first line has.
"""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.polluted.readers.answering import Answer, Options, answer


def main() -> None:
    """Read every file."""
    answer(_read)


def _read(path: Path, options: Options) -> Answer:
    with tempfile.TemporaryDirectory(prefix="importmgr_sqlite_") as name:
        database = Path(name) / "read.db"
        done = subprocess.run(
            ["sqlite3", database],
            input=_script(path, options).encode(),
            capture_output=True,
            check=False,
        )
        with closing(sqlite3.connect(database)) as connection:
            connection.text_factory = lambda data: data.decode(errors="replace")
            found = connection.execute("SELECT * FROM t")
            if not found.description:
                raise ValueError(done.stderr)
            names = [column[0] for column in found.description]
            is_named = options.get("header_rows", 1) > 0
            return (names if is_named else (), found.fetchall())


def _script(path: Path, options: Options) -> str:
    """Return what is typed into the shell."""
    if "delimiter" not in options:
        skipped = options.get("skip_rows", 0)
        return f".import --csv --skip {skipped} {path} t\n"
    mark, skipped = options["delimiter"], options["skip_rows"]
    lines = [".mode list", f".separator {_quoted(mark)} {_end(path)}"]
    if not options["header_rows"]:
        first = path.read_bytes().split(b"\n")[skipped]
        count = first.count(mark.encode()) + 1
        lines.append(f"CREATE TABLE t ({', '.join(f'c{i}' for i in range(count))});")
    return "\n".join([*lines, f".import --skip {skipped} {path} t", ""])


def _end(path: Path) -> str:
    """Return what ends records, as the shell takes it; CR before LF it leaves out by itself."""
    return '"\\n"' if b"\n" in path.read_bytes() else '"\\r"'


def _quoted(mark: str) -> str:
    return '"' + "".join(f"\\{ord(sign):03o}" if sign < " " else sign for sign in mark) + '"'


if __name__ == "__main__":
    main()
