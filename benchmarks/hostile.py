"""Files that make careless readers slow, fat or silent, each in two sizes.

What is wanted is not speed but bounds: time that grows with the size alone, memory that does not
grow, and a run that says what was wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks import ours
from benchmarks.measuring import TooLongError
from benchmarks.workshop import Workshop, work

MIB = 1 << 20
TIMES = 4  # how many times the small size the large one is
LONGEST = 300.0  # seconds
SHOWN = 120  # characters of what a run says
HEADER = b"sku,title\n"
HEAD = [
    f"Each file in two sizes, the second {TIMES} times the first: processor time may grow",
    f"{TIMES}-fold, memory not at all, and the run must say what was wrong.",
    "",
    "| file | sizes, MB | processor seconds | growth | peak MiB | outcome |",
    "|---|--:|--:|--:|--:|---|",
]

Write = Callable[[IO[bytes], int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A file with a header that is `size` units long, whatever these are, in its small edition."""

    title: str
    size: int
    write: Write


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """What became of one load; `seconds`, of a processor, is None if it had to be ended."""

    size: int
    seconds: float | None
    peak_bytes: int
    said: str


def _rows(form: str) -> Write:
    """Return what writes `size` rows in a form that may have the row's number."""

    def write(file: IO[bytes], size: int) -> None:
        file.write(HEADER)
        for start in range(0, size, 10_000):
            numbers = range(start, min(start + 10_000, size))
            file.write("".join(form.format(number) for number in numbers).encode())

    return write


def _long(begin: bytes, filling: bytes, end: bytes) -> Write:
    """Return what writes a filling `size` times between a beginning and an end."""

    def write(file: IO[bytes], size: int) -> None:
        file.write(begin)
        for start in range(0, size, 1 << 16):
            file.write(filling * min(1 << 16, size - start))
        file.write(end)

    return write


def _unclosed(file: IO[bytes], size: int) -> None:
    """Write rows the first of which has a quote that nobody closes."""
    file.write(HEADER + b'S-open,"never closed\n')
    for number in range(size):
        file.write(b"S-%d,plain text\n" % number)


_END = b"\nS-last,the row after it\n"
FILES = (
    Hostile(title="a quote inside every row", size=250_000, write=_rows('S-{},15" wide\n')),
    Hostile(
        title="text after the closing quote in every row",
        size=250_000,
        write=_rows('S-{},"wide" by far\n'),
    ),
    Hostile(title="one line of 100 MB", size=25_000_000, write=_long(HEADER + b"S-1,", b"x", _END)),
    Hostile(
        title="one quoted cell of 100 MB in lines",
        size=2_500_000,
        write=_long(HEADER + b'S-1,"', b"123456789\n", b'"' + _END),
    ),
    Hostile(title="nothing but quotes, 100 MB", size=25_000_000, write=_long(HEADER, b'"', _END)),
    Hostile(title="a quote that is never closed, rows after it", size=1_500_000, write=_unclosed),
    Hostile(
        title="a header of 20 million empty columns",
        size=5_000_000,
        write=_long(b"sku,title", b",", _END),
    ),
    Hostile(
        title="a row of 20 million empty cells",
        size=5_000_000,
        write=_long(HEADER + b"S-1,title", b",", _END),
    ),
    Hostile(title="empty lines, 100 MB", size=25_000_000, write=_long(HEADER, b"\n", _END)),
)


def measure(shop: Workshop, hostile: Hostile, scale: float = 1.0) -> str:
    """Load both editions of a file and return a line about it."""
    small, large = (
        _load(shop, hostile, max(1, round(hostile.size * scale * times))) for times in (1, TIMES)
    )
    growth = (
        "-" if not (small.seconds and large.seconds) else f"{large.seconds / small.seconds:.1f}"
    )
    sizes = " / ".join(f"{load.size / 1e6:.1f}" for load in (small, large))
    seconds = " / ".join(_seconds(load.seconds) for load in (small, large))
    peaks = " / ".join(f"{load.peak_bytes / MIB:.0f}" for load in (small, large))
    said = large.said.replace("|", "\\|")
    return f"| {hostile.title} | {sizes} | {seconds} | {growth} | {peaks} | {said} |"


def _load(shop: Workshop, hostile: Hostile, size: int) -> _Load:
    path = shop.files.folder / "hostile.csv"
    with path.open("wb") as file:
        hostile.write(file, size)
    home = shop.start(())
    definition_id = ours.queue(home, _document(shop, path), fetched=True)
    size = path.stat().st_size
    path.unlink()
    try:
        done = work(home, longest=LONGEST)
    except TooLongError:
        shop.place.drop(home)
        return _Load(size=size, seconds=None, peak_bytes=0, said=f"ended after {LONGEST:.0f} s")
    told = ours.outcome(home, definition_id, 1)
    shop.place.drop(home)
    said = f"{told.state}, {told.counts['read']:,} rows read, {told.fault_count:,} faults"
    if told.error:
        said += f": {told.error}"
    elif told.state not in {"completed", "failed"}:
        said += f": ended with {done.code}"
    shown = said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"
    return _Load(size=size, seconds=done.processor_seconds, peak_bytes=done.peak_bytes, said=shown)


def _document(shop: Workshop, path: Path) -> dict[str, object]:
    mapping = {
        "id_mappings": [{"from_column": "sku", "to_id": "item_id"}],
        "property_mappings": [{"from_column": "title", "to_column": "title"}],
    }
    return {
        "name": "hostile",
        "trigger": {"trigger_type": "now"},
        "source": {"source_type": "url", "import_url": f"{shop.files.address}/{path.name}"},
        "destination": {"catalog_destination": {"catalog_name": "shoes"}},
        "mapping": {"column_mapping": mapping},
    }


def _seconds(seconds: float | None) -> str:
    return f"> {LONGEST:.0f}" if seconds is None else f"{seconds:.1f}"
