"""Tables of odd shape: one column, sixty, hardly a row, hardly a filled cell, odd names."""

from __future__ import annotations

from benchmarks.polluted.sheets import Table
from benchmarks.polluted.tables.drawing import FIRST, GERMAN, LAST, WORDS, Draw, cells


def addresses(draw: Draw) -> Table:
    """One column that is no word."""
    rows = ((f"{draw.one(WORDS)}.{draw.one(WORDS)}{i}@mail.example",) for i in range(20))
    return Table(header=("email",), rows=cells(rows))


def cities(draw: Draw) -> Table:
    """One column of words."""
    rows = ((draw.words(draw.number(1, 2)).title(),) for _ in range(20))
    return Table(header=("city",), rows=cells(rows), has_words_only=True)


def settings(draw: Draw) -> Table:
    """Two columns, the second of numbers."""
    rows = ((f"{draw.one(WORDS)}_{i}", draw.number(1, 9999)) for i in range(15))
    return Table(header=("key", "value"), rows=cells(rows))


def vocabulary(draw: Draw) -> Table:
    """Two columns of words, written like their names."""
    rows = ((draw.one(WORDS), draw.one(GERMAN)) for _ in range(15))
    return Table(header=("en", "de"), rows=cells(rows), has_words_only=True, delimiter="\t")


def survey(draw: Draw) -> Table:
    """Sixty columns of answers, some of them missing."""
    rows = (
        (draw.number(0, 5) if i % 7 else draw.one(("yes", "no", "")) for i in range(60))
        for _ in range(15)
    )
    return Table(header=tuple(f"q{i}" for i in range(1, 61)), rows=cells(rows))


def few(draw: Draw) -> Table:
    """Three rows."""
    rows = (
        (1, "Anna", "12.50", draw.day()),
        (2, "Peter, Jr.", "3.00", draw.day()),
        (3, "Eva", "100.10", draw.day()),
    )
    return Table(header=("id", "name", "amount", "date"), rows=cells(rows))


def many(draw: Draw) -> Table:
    """Two thousand rows."""
    rows = (
        (i, draw.one(FIRST), draw.one(LAST), draw.number(0, 100), draw.day())
        for i in range(1, 2001)
    )
    return Table(header=("id", "first", "last", "score", "joined"), rows=cells(rows))


def gaps(draw: Draw) -> Table:
    """Mostly empty cells, one column without any value."""
    rows = (
        (
            i,
            draw.one(("", "", draw.words(2))),
            draw.one(("", draw.one("123456789"))),
            "",
            draw.one(("", "", draw.day())),
            draw.one(("", draw.words(1))),
        )
        for i in range(1, 31)
    )
    return Table(header=("a_id", "b", "c", "d", "e", "f"), rows=cells(rows))


def marked(draw: Draw) -> Table:
    """Goods behind a first column that is nearly always empty."""
    rows = (("" if i % 6 else "x", i, draw.words(2), draw.number(1, 50)) for i in range(1, 26))
    return Table(header=("flag", "id", "name", "qty"), rows=cells(rows))


def years(draw: Draw) -> Table:
    """Years as the names of columns."""
    rows = (
        (draw.words(2).title(), *(draw.number(10000, 99999) for _ in range(4))) for _ in range(20)
    )
    return Table(header=("country", "2019", "2020", "2021", "2022"), rows=cells(rows))


def fruits(draw: Draw) -> Table:
    """Words in lower case, as are the names of the columns."""
    rows = ((draw.one(WORDS), draw.one(WORDS), draw.one(WORDS)) for _ in range(20))
    header = ("fruit", "colour", "taste")
    return Table(header=header, rows=cells(rows), has_words_only=True)


def repeated(draw: Draw) -> Table:
    """Names of columns that are there twice."""
    rows = ((i, draw.number(1, 99), "kg", draw.number(1, 99), "cm") for i in range(1, 21))
    return Table(header=("id", "value", "unit", "value", "unit"), rows=cells(rows))
