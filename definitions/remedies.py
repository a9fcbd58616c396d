"""What to do about a cell that is written in a way which people know, but which no import reads.

A cell may say that there is no value, a number may have something beside it, and a date may be one
that only a format tells.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from definitions.patterns import pattern_of

_NOTHING = frozenset(
    {"null", "(null)", "none", "nil", "n/a", "na", "#n/a", "nan", "undefined", "\\n", "?"}
    | {"-", "--", "\u2013", "\u2014"}
)
_AMOUNT = re.compile(
    r"(?P<before>[^0-9.,+]*?)[-+]?[.,]?[0-9](?:[0-9.,'_\s\u2019]*[0-9])?(?P<after>[^0-9]*)"
)
_NEGATIVE = re.compile(r"[(\u2212-]")
_DAYS = (  # those in one line look alike
    ("%d.%m.%y",),
    ("%d/%m/%y", "%m/%d/%y"),
    ("%d-%m-%y", "%m-%d-%y"),
    *(
        (f"%d{mark}{month}{mark}{year}",)
        for mark in "- "
        for month in ("%b", "%B")
        for year in ("%Y", "%y")
    ),
    *((f"{month} %d{mark} %Y",) for month in ("%b", "%B") for mark in (",", "")),
)
_CLOCKS = (" %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


def stands_for_nothing(text: str) -> bool:
    """Tell whether a text is one that programs and people write where there is no value."""
    return text.lower() in _NOTHING


def number_remedy(text: str) -> str:
    """Return what to do about a text that is no number."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return "use a decimal point" if re.search("[0-9]", text) else "use digits"
    beside = found["before"] + found["after"]
    if re.search(_NEGATIVE, beside):
        return "write digits alone, with - before them if it is negative"
    if beside.strip():
        return "write digits alone, without unit, currency or percent sign"
    return "use a decimal point, and marks between groups of three digits or none"


def formats_of(text: str, *, timed: bool) -> tuple[str, ...]:
    """Return the formats that read a date, or one that is `timed`, if it looks like one of them."""
    return _formats_of_shape(re.sub("[0-9]", "1", text), timed)


@lru_cache(maxsize=1000)
def _formats_of_shape(shape: str, timed: bool) -> tuple[str, ...]:  # noqa: FBT001 - of a cache
    for days in _DAYS:
        for clock in ("", *_CLOCKS) if timed else ("",):
            if re.fullmatch(_regex(days[0] + clock), shape):
                return tuple(day + clock for day in days)
    return ()


@cache
def _regex(form: str) -> str:
    return pattern_of(form).regex
