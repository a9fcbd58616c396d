"""Text for a terminal: tables, numbers, times, and nothing in them that could steer it."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from importmgr.settings import environment

GAP = "  "
PLAIN_WIDTH = 80
NUMBER = re.compile(r"[\d,]+|-")
WHOLE = re.compile(r"[0-9a-f]{24}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")  # an id, or a time
NARROWEST = 6
NARROWEST_LAST = 24


def colour() -> bool | None:
    """Return False if the user wants none (NO_COLOR), else None: as the terminal allows."""
    return False if environment().get("NO_COLOR") else None


def one_line(text: str) -> str:
    """Return the text without line ends and without characters that a terminal would obey."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def cut(text: str, width: int) -> str:
    """Return at most `width` characters of the text, with a sign where some are missing."""
    return text if len(text) <= width else text[: width - 1] + "…"


def plural(number: int, thing: str) -> str:
    """Return `1 row` or `2 rows`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def moment(epoch: float | None) -> str:
    """Return a time in UTC to the second, or `-`."""
    if epoch is None:
        return "-"
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M:%S")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], width: int) -> str:
    """Return lines of at most `width` characters, as long as the columns can be that narrow.

    What is too wide is cut, in the last column wrapped; ids stay whole, as other commands ask for
    them, and so do times. Numbers stand at the right.
    """
    found = [list(headings), *([_cell(value) for value in row] for row in rows)]
    widths = _widths(found, width)
    numbers = [all(NUMBER.fullmatch(row[n]) for row in found[1:]) for n in range(len(widths))]
    lines: list[list[str]] = [found[0], ["-" * each for each in widths]]
    for row in found[1:]:
        lines += _wrapped(row, widths[-1])
    return "\n".join(_row(line, widths, numbers) for line in lines)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]], none: str) -> None:
    """Print a table as wide as the terminal, or the text `none` when it has no rows.

    Off a terminal nothing is cut or wrapped, a row is a line, unless COLUMNS says how wide it is.
    """
    found = list(rows)
    is_narrow = sys.stdout.isatty() or environment().get("COLUMNS")
    width = terminal_width() if is_narrow else sys.maxsize
    click.echo(table(headings, found, width) if found else none)


def show_json(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Print a value for other programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def terminal_width() -> int:
    """Return how many characters fit into a line."""
    return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns


def _cell(value: object) -> str:
    return "-" if value is None else one_line(str(value))


def _widths(rows: list[list[str]], width: int) -> list[int]:
    """Return the width of each column: the last gives way first, as it can be wrapped."""
    *widths, last = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    room = width - len(GAP) * len(widths)
    last = min(last, max(room - sum(widths), NARROWEST_LAST))
    cuttable = [n for n in range(len(widths)) if not any(WHOLE.fullmatch(row[n]) for row in rows)]
    while sum(widths) + last > room:
        widest = max(cuttable, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return [*widths, last]


def _wrapped(row: list[str], width: int) -> list[list[str]]:
    """Return the lines of one row, as wide as its last column may be."""
    *cells, last = row
    first, *rest = textwrap.wrap(last, width) or [""]
    return [[*cells, first], *([*[""] * len(cells), more] for more in rest)]


def _row(cells: list[str], widths: list[int], numbers: list[bool]) -> str:
    """Return one line; every cell is cut to its column."""
    padded = [
        cut(cell, width).rjust(width) if is_number else cut(cell, width).ljust(width)
        for cell, width, is_number in zip(cells, widths, numbers, strict=True)
    ]
    return GAP.join(padded).rstrip()
