"""Time zones made for tests, so that a full local minute is never far away.

`Test/SS` is SS seconds ahead of UTC. A process finds them when `PYTHONTZPATH` begins with the
folder they are in.
"""

from __future__ import annotations

import struct
import time
import zoneinfo
from pathlib import Path

MINUTE = 60


def write_zones(folder: Path) -> dict[str, str]:
    """Write a file for each of them and return the setting that makes a process find them."""
    (folder / "Test").mkdir(parents=True)
    for ahead in range(MINUTE):
        (folder / "Test" / f"{ahead:02}").write_bytes(_tzif(ahead))
    return {"PYTHONTZPATH": ":".join([str(folder), *zoneinfo.TZPATH])}


def zone_and_instant(seconds: float) -> tuple[str, int]:
    """Return the zone of which a minute begins in so many seconds, and the instant it does."""
    instant = int(time.time() + seconds) + 1
    return f"Test/{-instant % MINUTE:02}", instant


def _tzif(ahead: int) -> bytes:
    """Return the file of a zone that is always so many seconds ahead of UTC (RFC 9636)."""
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)  # one type of local time, one name of four bytes
    block = b"TZif2" + bytes(15) + counts + struct.pack(">lBB", ahead, 0, 0) + b"TST\0"
    return block + block + b"\n\n"
