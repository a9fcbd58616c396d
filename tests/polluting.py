"""Clean tables, written as files that are polluted in exactly one way, with what is to be read."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

SEED = 20261126
LONG_NAME = 600_000
WORDS = ("amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "harbor", "island")
NAMES = ("Anna Müller", "O'Brien", "Chloé Dupont", "Li", "Günter Østby")
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header, and rows as long."""

    header: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    end: str = "\r\n"
    every: bool = False

    def line(self, cells: Sequence[str]) -> str:
        """Return a record without its end."""
        return self.delimiter.join(map(self.cell, cells))

    def cell(self, text: str) -> str:
        """Return a field."""
        marks = (self.delimiter, self.delimiter.strip() or " ", self.quote, "\n")
        if not self.every and not any(mark in text for mark in marks):
            return text
        return self.quote + text.replace(self.quote, self.escape + self.quote) + self.quote

    def text(self, lines: Sequence[str]) -> str:
        """Return the file with these lines."""
        return "".join(line + self.end for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polluted:
    """A file, and the table that a person reads in it."""

    data: bytes
    table: Table


def tables() -> dict[str, Table]:
    """Return clean tables: of many kinds of cells, of text with commas, of numbers, a short one."""
    pick = random.Random(SEED)

    def words(count: int) -> str:
        return " ".join(pick.choice(WORDS) for _ in range(count))

    def note(i: int) -> str:
        return (words(4), f"{words(2)}, {words(1)}", f'so "{words(1)}", or', f"{words(1)}\n{i}")[
            i % 4
        ]

    shop = tuple(
        (
            str(1000 + i),
            f"2026-{1 + i % 12:02}-{1 + i % 28:02}",
            f"{pick.randrange(1, 99)},{i % 10}0",
            pick.choice(NAMES),
            note(i),
            f"https://shop.example/{i}?a=1",
            words(1) if i % 3 else "",
        )
        for i in range(40)
    )
    text = tuple((f"{words(1)}, {words(1)}", words(3), words(5)) for _ in range(30))
    numbers = tuple((f"{pick.uniform(-5, 5):.3f}", str(i), "ABC"[i % 3]) for i in range(30))
    return {
        "shop": Table(header=("id", "day", "price", "name", "note", "link", "tag"), rows=shop),
        "text": Table(header=("Author", "Title", "Abstract"), rows=text),
        "numbers": Table(header=("x", "n", "label"), rows=numbers),
        "few": Table(header=("id", "name", "price"), rows=(("1", "A, B", "2.50"), ("2", "C", "3"))),
    }


def _written(way: Way) -> Callable[[Table], Polluted]:
    def pollute(table: Table) -> Polluted:
        lines = [way.line(cells) for cells in (table.header, *table.rows)]
        return Polluted(data=way.text(lines).encode(), table=table)

    return pollute


def _encoded(encoding: str) -> Callable[[Table], Polluted]:
    def pollute(table: Table) -> Polluted:
        return Polluted(data=_plain(table).data.decode().encode(encoding), table=table)

    return pollute


def _around(before: str, behind: str, change: Callable[[str], str]) -> Callable[[Table], Polluted]:
    def pollute(table: Table) -> Polluted:
        text = change(_plain(table).data.decode())
        return Polluted(data=f"{before}{text}{behind}".encode(), table=table)

    return pollute


def _in_row(change: Callable[[Cells, Way], str]) -> Callable[[Table], Polluted]:
    """Return what writes one row in the midst of a table in another way, and reads it as it was."""

    def pollute(table: Table) -> Polluted:
        lines = [Way().line(cells) for cells in (table.header, *table.rows)]
        place = len(table.rows) // 2
        lines[place + 1] = change(table.rows[place], Way())
        return Polluted(data=Way().text(lines).encode(), table=table)

    return pollute


def _with_header(change: Callable[[list[str]], list[str]]) -> Callable[[Table], Polluted]:
    """Return what writes the names of a table, which need no quotes, in another way."""

    def pollute(table: Table) -> Polluted:
        lines = [",".join(change(list(table.header))), *map(Way().line, table.rows)]
        return Polluted(data=Way().text(lines).encode(), table=table)

    return pollute


def _below_empty_cells(table: Table) -> Polluted:
    """Write notes as spreadsheets do that save a table with a gap below it."""
    behind = "," * (len(table.header) - 1)
    lines = "".join(f"{cell}{behind}\r\n" for cell in ("", "Source: the office", "As of today"))
    return Polluted(data=_plain(table).data + lines.encode(), table=table)


def _wrapped(text: str) -> str:
    lines = text.replace("\r\n", "\0").split("\0")[:-1]
    return Way().text([Way(every=True).line([line]) for line in lines])


def _with_some_crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n", 1)


def _with_quote(place: int) -> Callable[[Table], Polluted]:
    """Return what puts a quote into a cell of one row, where it is to be read as text."""

    def pollute(table: Table) -> Polluted:
        number = len(table.rows) // 2
        rows = list(table.rows)
        cells = rows[number]
        at = min(place, len(cells[1]) // 2)
        changed = (cells[0], cells[1][:at] + '"' + cells[1][at:], *cells[2:])
        rows[number] = changed
        lines = [Way().line(row) for row in (table.header, *rows)]
        fields = [Way().cell(cell) for cell in changed]
        fields[1] = changed[1]
        lines[number + 1] = ",".join(fields)
        return Polluted(data=Way().text(lines).encode(), table=replace(table, rows=tuple(rows)))

    return pollute


_plain = _written(Way())
POLLUTIONS: Mapping[str, Callable[[Table], Polluted]] = {
    "nothing": _plain,
    "lf": _written(Way(end="\n")),
    "cr": _written(Way(end="\r")),
    "every field in quotes": _written(Way(every=True)),
    "apostrophes": _written(Way(quote="'", escape="'", every=True)),
    "accents": _written(Way(quote="`", escape="`", every=True)),
    "backslashes": _written(Way(escape="\\", every=True)),
    **{
        f"delimiter {mark!r}": _written(Way(delimiter=mark))
        for mark in (";", "\t", "|", " ", ", ", "||", "~", "^", "\x1f")
    },
    **{f"encoding {name}": _encoded(name) for name in ("utf-8-sig", "utf-16", "utf-16-be")},
    "no end of the last line": _around("", "", lambda text: text[:-2]),
    "some lf among crlf": _around("", "", lambda text: text.replace("\r\n", "\n", 3)),
    "some crlf among lf": _around("", "", _with_some_crlf),
    "blank lines at the end": _around("", "\r\n\r\n", str),
    "blank lines before": _around("\r\n\r\n", "", str),
    "end mark of DOS": _around("", "\x1a", str),
    "a title": _around("Report of the sales\r\n\r\n", "", str),
    "remarks before": _around("# made by a program\r\n# of all, today\r\n", "", str),
    "notes": _around("", '\r\n"Source: the office, all of it"\r\nPrinted today\r\n', str),
    "notes below a row of empty cells": _below_empty_cells,
    "a header with a delimiter before": _with_header(lambda names: ["", *names]),
    "a header with a delimiter too many": _with_header(lambda names: [*names[:2], "", *names[2:]]),
    "a header with delimiters behind": _with_header(lambda names: [*names, "", "", ""]),
    "a header with a quote too many": lambda table: replace(
        _with_header(lambda names: [names[0], f'"{names[1]}', *names[2:]])(table),
        table=replace(table, header=(table.header[0], f'"{table.header[1]}', *table.header[2:])),
    ),
    "a header with a very long name": lambda table: _plain(
        replace(table, header=("n" * LONG_NAME, *table.header[1:]))
    ),
    "the header twice": lambda table: Polluted(
        data=_plain(replace(table, rows=(table.header, *table.rows))).data, table=table
    ),
    "no rows": lambda table: _plain(replace(table, rows=())),
    "one row": lambda table: _plain(replace(table, rows=table.rows[:1])),
    "rows in quotes": lambda table: _around("", "", _wrapped)(_on_one_line(table)),
    "a row with all in quotes": _in_row(lambda row, way: replace(way, every=True).line(row)),
    "a row with ';'": _in_row(lambda row, way: replace(way, delimiter=";").line(row)),
    "a row with '||'": _in_row(lambda row, way: replace(way, delimiter="||").line(row)),
    "a row in quotes": _in_row(lambda row, way: replace(way, every=True).line([way.line(row)])),
    "a row with backslashes": _in_row(
        lambda row, way: replace(way, escape="\\", every=True).line(row)
    ),
    "a row with a delimiter before": _in_row(lambda row, way: "," + way.line(row)),
    "a row with delimiters behind": _in_row(lambda row, way: way.line(row) + ",,,"),
    "a row with a delimiter too many": _in_row(
        lambda row, way: ",".join((way.cell(row[0]), "", way.line(row[1:])))
    ),
    "a row with a blank line behind": _in_row(lambda row, way: way.line(row) + way.end),
    "a quote in a cell": _with_quote(3),
    "a quote before a cell": _with_quote(0),
}


def _on_one_line(table: Table) -> Table:
    rows = (tuple(cell.replace("\n", " ") for cell in row) for row in table.rows)
    return replace(table, rows=tuple(rows))


def polluted(name: str) -> Iterator[tuple[str, Polluted]]:
    """Yield each table, with its name, polluted in the way that is called `name`."""
    for table_name, table in tables().items():
        yield table_name, POLLUTIONS[name](table)
