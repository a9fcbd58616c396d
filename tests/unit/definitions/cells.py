"""Cells that are often right, often wrong and sometimes hostile, drawn from a seed."""

from __future__ import annotations

from random import Random

import polars as pl

from definitions.text_column import TextColumn

SCRAPS = [
    *("0", "7", "12", ".", ",", "-", "+", "e", "E", "5", "99", "1e3", "1e999", "000", "9" * 320),
    *(
        "NaN",
        "inf",
        "0x1",
        "_",
        "true",
        "FALSE",
        "Yes",
        "no",
        "t",
        "null",
        "é",
        "😀",
        "\u017f",
        "٣",
    ),
    *(
        "2024",
        "-02",
        "-29",
        "-03-31",
        "-10-27",
        "T",
        "02:30",
        ":15",
        "02:15:00",
        ".5",
        ".123456789",
    ),
    *(
        "Z",
        "z",
        "+02:00",
        "-0330",
        "+05",
        "24:00",
        "23:59:60",
        "[",
        "]",
        "{",
        "}",
        '"a"',
        '"',
        "\\",
    ),
    *("\\u0000", "https://", "http://", "HTTPS://", "x.cz", "/p?q=1", "#"),
    *(" ", "\t", "\xa0", "\0", "\x01", "\x7f", "\u2028", "\u3000"),
]
YEARS = (0, 1, 2, 100, 1583, 1880, 1900, 1916, 1940, 1945, 1975, 1986, 2011, 2023, 2024, 2025, 2026)
LATE_YEARS = (2037, 2038, 2099, 2100, 2150, 9998, 9999)
OFFSETS = (
    "Z",
    "z",
    " Z",
    " UTC",
    "gmt",
    "+02:00",
    "-0330",
    "+05",
    " +14:00",
    "-12:00",
    "+23:59",
    "+24:00",
    "-00:00",
)
LEAVES = [
    *("1", "-2.50", '"a,b"', "null", "true", '""', "NaN", "01", "1e400", "12345678901234567890123"),
    *('"\\u0000"', '"\\\\u0000"', '"\\\\\\u0000"', '"\\ud83d\\ude00"', '"\\ud800"', '"\0"', '"é"'),
]


def cell(random: Random) -> str:
    """Draw one cell."""
    kind = random.choice((moment, moment, numeral, json_text, scraps, brackets))
    drawn = kind(random)
    return drawn if random.random() < 0.9 else random.choice(" \t\xa0") + drawn + "\u3000\n"


def moment(random: Random) -> str:
    """Draw a date or a time near the changes of clocks, not always one that exists."""
    year = random.choice((*YEARS, *LATE_YEARS, random.randint(1, 9999)))
    month = random.choice((1, 2, 3, 4, 9, 10, 11, 12, random.randint(1, 13)))
    drawn = f"{year:04}-{month:02}-{random.randint(0, 31):02}"
    if random.random() < 0.85:
        hour, minute = random.choice((0, 1, 2, 3, random.randint(0, 24))), random.randint(0, 60)
        drawn += f"{random.choice('TTTt ')}{hour:02}:{minute:02}"
        if random.random() < 0.7:
            drawn += f":{random.choice((0, 30, 59, 60)):02}"
            if random.random() < 0.4:
                drawn += random.choice(".,") + str(random.randint(0, 10**9 - 1))
        if random.random() < 0.4:
            drawn += random.choice(OFFSETS)
    return drawn


def numeral(random: Random) -> str:
    """Draw what may be a number."""
    whole = ("", "0", "007", "12345678901234567890", str(random.randint(0, 3 * 10**11)))
    parts = (("", "", "-", "+"), whole, ("", "", ".", ".5", ".500"))
    exponents = ("", "", "", "e3", "E-7", "e400", "e0012", "e308")
    return "".join(map(random.choice, (*parts, exponents)))


def json_text(random: Random, level: int = 0) -> str:
    """Draw what may be JSON."""
    if level > 3 or random.random() < 0.4:
        return random.choice(LEAVES)
    members = [json_text(random, level + 1) for _ in range(random.randint(0, 3))]
    if random.random() < 0.6:
        return f"[{', '.join(members)}]"
    return "{" + ",".join(f'"k{place}": {member}' for place, member in enumerate(members)) + "}"


def scraps(random: Random) -> str:
    """Draw pieces that mean something to one type or another."""
    return "".join(random.choices(SCRAPS, k=random.randint(0, 5)))


def brackets(random: Random) -> str:
    """Draw deeply nested arrays."""
    levels = random.choice((1, 2, 199, 200, 201, 300))
    return "[" * levels + "]" * levels


def column(*texts: str) -> TextColumn:
    """Return a column of these texts."""
    return TextColumn.of(pl.Series(texts, dtype=pl.String))
