"""What a spreadsheet makes of a cell that nobody touched: it is opened, and written otherwise.

It takes what looks like a number or a date for one, and writes it as its settings say: `007`
becomes `7`, a long number `1.23457E+17`, `2024-01-05` perhaps `05.01.24`. A date that it writes
with the name of a month is not known again.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_NUMBER = re.compile(r"[-+]?\d{1,40}(?:[.,]\d{1,40})?(?:e[-+]?\d{1,3})?")
_MOMENT = re.compile(r"\d{1,4}(?:[-./: ]{1,2}\d{1,4}){1,6}")
_WHOLE = re.compile(r"[-+]?\d{1,40}")
KEPT_DIGITS = 15  # of a whole number
YEAR_DIGITS = 2  # which are always written
CLOSE, ROUGHLY = 1e-9, 1e-5  # as near as a fraction comes back, a number with an exponent


def looks_alike(before: str, after: str) -> bool:
    """Tell whether a spreadsheet may have made `after` of `before` by itself."""
    one, other = _plain(before), _plain(after)
    return one == other or _is_same_number(one, other) or _is_same_moment(one, other)


def _plain(cell: str) -> str:
    """Return a cell without what a program changes in any: blanks, apostrophes, lost characters."""
    plain = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffd", "?")
    return plain.strip().lstrip("'").strip().casefold()


def _is_same_number(one: str, other: str) -> bool:
    if not (_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)):
        return False
    if _WHOLE.fullmatch(one) and _WHOLE.fullmatch(other):
        kept, came = str(int(one)), other  # what has lost nothing but zeros before it
        is_cut = len(kept.lstrip("-")) > KEPT_DIGITS and len(kept) == len(came)
        return kept == came or (is_cut and kept[:KEPT_DIGITS] == came[:KEPT_DIGITS])
    nearness = ROUGHLY if "e" in other else CLOSE
    return math.isclose(_number(one), _number(other), rel_tol=nearness)


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))


def _is_same_moment(one: str, other: str) -> bool:
    """Tell whether both are dates, times or both of the same parts; seconds may be left out."""
    if not (_MOMENT.fullmatch(one) and _MOMENT.fullmatch(other)):
        return False
    parts, left = _parts(one), _parts(other)
    return left == parts or (left.total() + 1 == parts.total() and left < parts and ":" in one)


def _parts(moment: str) -> Counter[int]:
    """Return the numbers in a date or time; of a year the last two digits, no zero."""
    numbers = (int(part[-YEAR_DIGITS:]) for part in re.findall(r"\d+", moment))
    return Counter(number for number in numbers if number)
