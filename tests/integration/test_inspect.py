"""`importmgr inspect` as a process of its own: many files, a large one, and whoever goes away."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.service import ROOT

INSPECT = [sys.executable, "-m", "importmgr", "inspect"]
# Runs its arguments and prints the peak memory, in KiB, of that process alone.
MEASURING = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""
MANY = 300
LARGE = 100 << 20
MOST_MEMORY = 320 << 20
CELLS = ["", "7", "007", "é", 'a "b"', "two\nlines", " x ", "a,b;c|d\te", "#", "\\"]


@contextmanager
def inspecting(
    *words: str, folder: Path, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command; whatever becomes of it, it ends."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    with subprocess.Popen(
        [*INSPECT, *words],
        cwd=folder,
        env=environ,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def table(random: Random) -> list[list[str]]:
    """Return a table with a header and no row that could be taken for a blank line."""
    width = random.randint(3, 6)
    rows = [
        [str(number), *random.choices(CELLS, k=width - 1)]
        for number in range(1, random.randint(2, 30))
    ]
    return [[f"column {n}" for n in range(1, width + 1)], *rows]


def written(rows: list[list[str]], random: Random) -> bytes:
    """Return the table in a dialect of its own."""
    text = io.StringIO(newline="")
    csv.writer(
        text,
        delimiter=random.choice(",;\t|"),
        lineterminator=random.choice(["\n", "\r\n"]),
        quoting=random.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    ).writerows(rows)
    return text.getvalue().encode(random.choice(["utf-8", "utf-8-sig", "utf-16"]))


def test_every_row_of_many_files_of_any_dialect_is_written(tmp_path: Path) -> None:
    random = Random(7)
    tables = {f"{n}.csv": table(random) for n in range(MANY)}
    for name, rows in tables.items():
        (tmp_path / name).write_bytes(written(rows, random))
    (tmp_path / "broken.csv").write_bytes(b"%PDF-1.7\n")
    words = ["--all", "--csv", "--output-dir", "out", "broken.csv", *tables]
    with inspecting(*words, folder=tmp_path) as process:
        _, errors = process.communicate(timeout=100)

    assert (process.returncode, errors.count(b"\n")) == (2, 1), errors.decode()
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(tables)
    for name, rows in tables.items():
        text = (tmp_path / "out" / name).read_bytes().decode()
        assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == rows, name


def test_a_large_file_is_written_in_little_memory(tmp_path: Path) -> None:
    line = b'12345,"Ada, of London",ada@example.com,2024-02-29,%s\n' % (b"x" * 60)
    piece = line * ((1 << 20) // len(line))
    with (tmp_path / "large.csv").open("wb") as large:
        large.write(b"id,name,mail,since,note\n")
        for _ in range(LARGE // len(piece)):
            large.write(piece)
    words = ["--all", "--csv", "--output-dir", "out", "large.csv"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURING, sys.executable, "-m", "importmgr", "inspect", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=False,
    )

    original, copy = (tmp_path / name for name in ("large.csv", "out/large.csv"))
    lines = 1 + (LARGE // len(piece)) * (len(piece) // len(line))
    assert done.returncode == 0
    assert copy.stat().st_size == original.stat().st_size + lines
    assert int(done.stdout.splitlines()[-1]) * 1024 < MOST_MEMORY


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,name\n" + b"12345,name of one\n" * 300_000)
    words = ["--all", "--csv", "a.csv"]
    with inspecting(*words, folder=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"id,name\r\n"
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


def test_ctrl_c_ends_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with inspecting("-", folder=tmp_path, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"id,name\n" * 1_000)
        process.stdin.flush()
        while not list(tmp_path.glob("importmgr-*/*/*")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []
