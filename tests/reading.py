"""What tests ask of the batches of any format."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from definitions.batches import Batch
from definitions.faults import Fault
from sources.base import Reader

GROWTH = """
import re, resource, sys
from pathlib import Path
from sources.base import ReadTerms
from sources.opening import open_reader
small, large = (Path(name) for name in sys.argv[1:])
def rows(path):
    return sum(batch.read for batch in open_reader(path, "f", ReadTerms()).batches())
def most():  # what getrusage tells of a process begins with what the one had that started it
    own = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    return int(own[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
rows(small)
before = most()
count = rows(large)
print(count, max(after - first for first, after in zip(before, most())) >> 10)
"""


def numbered(batches: Sequence[Batch]) -> tuple[list[int], list[int]]:
    """Return the row and the line numbers of all batches."""
    rows = [number for batch in batches for number in batch.rows.tolist()]
    return rows, [number for batch in batches for number in batch.lines.tolist()]


def seen_faults(batches: Sequence[Batch]) -> list[Fault]:
    """Return the faults of all batches."""
    return [fault for batch in batches for fault in batch.faults]


def assert_resumable(reader: Reader) -> None:
    """Assert that reading on from the end of any batch gives what would have followed."""
    batches = list(reader.batches())
    for done, batch in enumerate(batches, start=1):
        rest = [_seen(other) for other in reader.batches(batch.end)]
        assert rest == [_seen(other) for other in batches[done:]]
        assert batch.end.row == 1 + sum(other.read for other in batches[:done])


def memory_growth(small: Path, large: Path) -> tuple[int, int]:
    """Return the rows of the large file and the MiB that it takes more than the small one.

    Of this process, or of one that reads for it.
    """
    command = [sys.executable, "-c", GROWTH, str(small), str(large)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows, growth = map(int, out.split())
    return rows, growth


def _seen(batch: Batch) -> tuple[object, ...]:
    numbers = (batch.rows.tolist(), batch.lines.tolist())
    typed = {name: cells.tolist() for name, cells in batch.typed.items()}
    return (batch.frame.rows(), typed, *numbers, batch.faults, batch.end)
