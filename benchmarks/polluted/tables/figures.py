"""Tables of figures: numbers, money, dates, times, places, codes."""

from __future__ import annotations

import json

from benchmarks.polluted.sheets import Table
from benchmarks.polluted.tables.drawing import FIRST, GERMAN, LAST, WORDS, Draw, cells


def numbers(draw: Draw) -> Table:
    """Measurements: nothing but numbers."""
    rows = (
        (i, f"{draw.fraction(0, 1):.4f}", f"{draw.fraction(-9, 9):.3f}", draw.number(-500, 500))
        for i in range(40)
    )
    return Table(header=("t", "x", "y", "z"), rows=cells(rows))


def dates(draw: Draw) -> Table:
    """Nothing but dates."""
    rows = ((draw.day(), draw.day(), draw.day()) for _ in range(20))
    return Table(header=("start", "end", "reviewed"), rows=cells(rows))


def prices(draw: Draw) -> Table:
    """Prices with decimal commas and points between thousands."""
    rows = (
        (
            f"{draw.one(GERMAN)} {draw.one(WORDS)}",
            draw.number(1, 50),
            f"{draw.number(1, 9)}.{draw.number(100, 999)},{draw.number(10, 99)}",
            "EUR",
        )
        for _ in range(24)
    )
    header = ("Artikel", "Menge", "Preis", "Währung")
    return Table(header=header, rows=cells(rows), delimiter=";")


def money(draw: Draw) -> Table:
    """Amounts with signs of currencies and commas between thousands."""
    rows = (
        (
            draw.words(2),
            f"${draw.number(1, 9)},{draw.number(100, 999)}.{draw.number(10, 99)}",
            f"€ {draw.number(1, 999)}.00",
            draw.one("$€£¥"),
        )
        for _ in range(20)
    )
    return Table(header=("item", "net", "gross", "cur"), rows=cells(rows))


def science(draw: Draw) -> Table:
    """Numbers with exponents, and less than."""
    rows = (
        (
            f"S{i:03}",
            f"{draw.fraction(1, 100):.3e}",
            f"{draw.fraction(0, 1):.2E}",
            f"<{draw.one(('0.05', '0.01'))}",
        )
        for i in range(25)
    )
    return Table(header=("sample", "mean", "sd", "p"), rows=cells(rows), delimiter="\t")


def trains(draw: Draw) -> Table:
    """Trains with the times at which they leave and arrive."""
    rows = (
        (f"IC {draw.number(100, 999)}", draw.hour()[:5], draw.hour()[:5], draw.number(1, 12))
        for _ in range(25)
    )
    return Table(header=("train", "dep", "arr", "platform"), rows=cells(rows))


def places(draw: Draw) -> Table:
    """Pairs of coordinates in one cell."""
    rows = (
        (
            draw.words(2),
            f"{draw.fraction(-89, 89):.4f},{draw.fraction(-179, 179):.4f}",
            draw.number(0, 3000),
        )
        for _ in range(20)
    )
    return Table(header=("place", "coord", "alt"), rows=cells(rows))


def phones(draw: Draw) -> Table:
    """Names with a comma, and numbers with all signs that telephones have."""
    rows = (
        (
            f"{draw.one(LAST)}, {draw.one(FIRST)}",
            f"(0{draw.number(10, 99)}) {draw.number(100, 999)}-{draw.number(1000, 9999)}",
            f"+49 {draw.number(100, 999)} / {draw.number(10000, 99999)}",
        )
        for _ in range(20)
    )
    return Table(header=("contact", "mobile", "fax"), rows=cells(rows))


def codes(draw: Draw) -> Table:
    """Codes that begin with zeros."""
    rows = (
        (
            f"{draw.number(0, 999):05}",
            f"{draw.number(0, 10**6):010}",
            f"{draw.number(0, 99):03}",
        )
        for _ in range(20)
    )
    return Table(header=("zip", "account", "branch"), rows=cells(rows))


def switches(draw: Draw) -> Table:
    """Booleans and percents."""
    rows = (
        (
            f"{draw.one(WORDS)}-{i}",
            draw.one(("true", "false")),
            draw.one("YN"),
            f"{draw.number(0, 100)}%",
        )
        for i in range(20)
    )
    return Table(header=("feature", "enabled", "beta", "rollout"), rows=cells(rows))


def payloads(draw: Draw) -> Table:
    """JSON in cells."""
    rows = (
        (
            i,
            json.dumps({"a": draw.number(1, 9), "b": [1, draw.one(WORDS)], "c": draw.one(WORDS)}),
            f"{draw.day()}T{draw.hour()}Z",
        )
        for i in range(1, 21)
    )
    return Table(header=("id", "payload", "created"), rows=cells(rows))


def links(draw: Draw) -> Table:
    """Addresses with semicolons, commas and bars."""
    rows = (
        (
            i,
            f"https://shop.example/{draw.one(WORDS)}?a={draw.number(1, 9)};b=x|y&c=%20,{i}",
            draw.number(1, 10000),
        )
        for i in range(1, 26)
    )
    return Table(header=("id", "url", "hits"), rows=cells(rows))


def paths(draw: Draw) -> Table:
    """Paths with backslashes, some at the end."""
    rows = (
        (
            i,
            f"C:\\{draw.one(WORDS)}\\{draw.one(WORDS)} {i}.txt" if i % 5 else "\\\\server\\share\\",
            draw.number(1, 10**6),
        )
        for i in range(1, 26)
    )
    return Table(header=("id", "path", "size"), rows=cells(rows))


def colours(draw: Draw) -> Table:
    """Cells that begin with a number sign, as do the names."""
    rows = ((i, f"#{draw.one(WORDS)}", f"#{draw.number(0, 0xFFFFFF):06x}") for i in range(1, 21))
    return Table(header=("#id", "tag", "colour"), rows=cells(rows))


def orders(draw: Draw) -> Table:
    """Long names of columns, dates with points, numbers with commas."""
    rows = (
        (
            draw.number(10000, 99999),
            f"{draw.number(1, 28):02}.{draw.number(1, 12):02}.2026",
            f"{draw.number(1, 999)},{draw.number(10, 99)}",
            draw.one(("Praha 1", "Brno-město", "Ústí nad Labem")),
        )
        for _ in range(30)
    )
    header = ("Customer number", "Date of order", "Total amount (EUR)", "Ship to")
    return Table(header=header, rows=cells(rows), delimiter=";")
