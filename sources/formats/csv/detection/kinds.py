"""What a cell looks like: a number, a date, plain words, or a piece cut in the wrong place."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

LONGEST_TYPED, LONGEST_SEARCHED = 80, 300
NO_VALUE = frozenset({"", "-", "--", "?", "na", "n/a", "n.a.", "nan", "nil", "none", "null", "\\n"})
MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iyj]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,7}\.?"
DAY = (
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d\d)"
    rf"|\d{{1,2}}\.?[- /]{MONTH}[- /,]\ ?\d{{2,4}}|{MONTH} \d{{1,2}},? \d{{4}}"
)
HOUR = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:z|utc|gmt|[-+]\d\d:?\d\d))?"
AMOUNT = (
    r"(?:\d{1,3}(?:([ ,.'\u00a0\u202f])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d\d)+,\d{3}|\d+)"
    r"(?:[.,]\d*)?(?:e[-+]?\d+)?|[.,]\d+"
)
MONEY = r"(?:r?\$|[€£¥₹₽₺₩₪]|eur|usd|gbp|chf|czk|pln|sek|nok|dkk|huf|k[čr]|zł|ft|rub)"
BREAKS = re.compile(r"[\t|;\x00-\x1f]|,(?! )|[,~^]$|^[,:~^]|[^\W\d]\w*:+\w|\w[~^]+\w")
TABS, LIST = re.compile(r"\S\t"), re.compile(r"-?\d+(?:,-?\d+)+")
MERE_MARKS = re.compile(r"[^\w\s]+")
EDGE_QUOTE = re.compile(r"""^["'`]|["'`]$""")
CUT = re.compile(r"[^\\]++\\")  # before an escaped delimiter


class Kind(StrEnum):
    """What a cell holds, as far as its writing tells."""

    EMPTY = "empty"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "date and time"
    TRUTH = "yes or no"
    ADDRESS = "address"
    CODE = "code"
    WORDS = "words"


WRITTEN: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.NUMBER, rf"[-+(]?(?:{MONEY} ?)?[-+]?(?:{AMOUNT})\)?(?: ?(?:{MONEY}|%))?"),
        (Kind.DATE, DAY),
        (Kind.TIME, HOUR),
        (Kind.MOMENT, rf"(?:{DAY})(?:T|,? ){HOUR}"),
        (Kind.TRUTH, r"true|false|yes|no"),
        (Kind.ADDRESS, r"(?:[a-z]{2,6}://|www\.|mailto:)[^\s\"<>|;\t]+"),
        (Kind.ADDRESS, r"[^\s@,;|:\"<>]+@[\w-]+(?:\.[\w-]+)+"),
        (Kind.ADDRESS, r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[\da-f]{1,4}(?::[\da-f]{0,4}){3,7}"),
        (Kind.CODE, r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"),
        (Kind.CODE, r"(?:[\da-f]{32}){1,2}|[\da-f]{40}"),
    )
)
LONG_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s\"<>|;,\t]+", re.IGNORECASE)
YEARS = range(1900, 2101)
NESTED = re.compile(r"\{.*\}|\[.*\]|<.*>", re.DOTALL)


@lru_cache(maxsize=1 << 14)
def kind_of(cell: str) -> Kind:
    """Return what `cell` holds."""
    text = cell.strip()
    if text.lower() in NO_VALUE:
        return Kind.EMPTY
    if len(text) <= LONGEST_TYPED:
        for kind, pattern in WRITTEN:
            if pattern.fullmatch(text):
                return kind
    return Kind.ADDRESS if LONG_ADDRESS.fullmatch(text) else Kind.WORDS


@lru_cache(maxsize=1 << 14)
def plausibility(cell: str) -> float:
    """Return how much an unquoted `cell` looks like a whole one, from 0 to 1."""
    kind = kind_of(cell)
    padded = cell != "" and (cell[0].isspace() or cell[-1].isspace())
    if kind is not Kind.WORDS:
        return 0.7 if padded else 1.0
    text = cell.strip()
    if EDGE_QUOTE.search(text) or MERE_MARKS.fullmatch(text):
        return 0.1
    if NESTED.fullmatch(text):
        return 0.8
    if BREAKS.search(text, 0, LONGEST_SEARCHED) or CUT.fullmatch(text):
        if TABS.search(text, 0, LONGEST_SEARCHED):
            return 0.05
        return 0.6 if LIST.fullmatch(text, 0, LONGEST_SEARCHED) else 0.3
    return 0.65 if padded else 0.95


def is_name(cell: str) -> bool:
    """Tell whether a cell may name a column: it holds words, or a year."""
    kind, text = kind_of(cell), cell.strip()
    return kind is Kind.WORDS or (len(text) == 4 and text.isdecimal() and int(text) in YEARS)  # noqa: PLR2004
