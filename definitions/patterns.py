"""How dates and times are written, as a person says it: `%d.%m.%Y %H:%M` or `dd.MM.yyyy HH:mm`.

With a `%` it is made of the codes of `strptime`, else of the letters of spreadsheets and of other
programs, among which `M` and `m` mean minutes behind the hour and before seconds, else the month.
Whatever else stands in a pattern stands in the cells; a text among letters is put in apostrophes.

A number may lack its leading zero where it touches no other digit; a year has all its digits, and
one of two digits is of the years 1969 to 2068. Names of months are English, in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from definitions.shown import shown

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
ZONE = (
    r"(?:(?P<zulu>[Zz]|(?i:UTC|GMT))"
    r"|(?P<sign>[+-])(?P<hours>[01][0-9]|2[0-3])(?::?(?P<minutes>[0-5][0-9]))?)"
)
_CODES: Mapping[str, tuple[str, str]] = MappingProxyType(  # what each tells, and how it looks
    {
        "%d": ("day", "(?P<day>##)"),
        "%m": ("month", "(?P<month>##)"),
        "%b": ("month", f"(?P<name>(?i:{'|'.join(month[:3] for month in MONTHS)}))"),
        "%B": ("month", f"(?P<name>(?i:{'|'.join(MONTHS)}))"),
        "%Y": ("year", "(?P<year>[0-9]{4})"),
        "%y": ("year", "(?P<short>[0-9]{2})"),
        "%H": ("hour", "(?P<hour>##)"),
        "%I": ("hour", "(?P<hour>##)"),
        "%M": ("minute", "(?P<minute>##)"),
        "%S": ("second", "(?P<second>##)"),
        "%f": ("fraction", "(?P<fraction>[0-9]{1,9})"),
        "%p": ("half of the day", "(?P<half>(?i:am|pm))"),
        "%z": ("zone", ZONE),
    }
)
_HOURS = frozenset({"%H", "%I"})
_NOT_DIGITS = frozenset({"%b", "%B", "%p", "%z"})
_MEANT: Mapping[str, str] = MappingProxyType(
    {
        "%e": "%d",
        "%h": "%b",
        "%k": "%H",
        "%l": "%I",
        "%i": "%M",
        "%L": "%f",
        "%N": "%f",
        "%F": "%Y-%m-%d",
        "%T": "%H:%M:%S",
        "%R": "%H:%M",
        "%G": "%Y",
    }
)
_WANTS = (
    *(("%M", "hour"), ("%S", "minute"), ("%f", "second")),
    *(("%z", "hour"), ("%I", "half of the day"), ("%p", "hour")),
)
_WORDS = re.compile(r"'[^']*'|[Aa][Mm]/[Pp][Mm]|([A-Za-z])\1*|[^A-Za-z']+|'")
_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("yyyy", "YYYY", "uuuu"), "%Y"),
        **dict.fromkeys(("yy", "YY"), "%y"),
        **dict.fromkeys(("d", "dd", "D", "DD"), "%d"),
        **dict.fromkeys(("M", "MM", "m", "mm"), "%m"),  # or minutes
        **dict.fromkeys(("MMM", "mmm"), "%b"),
        **dict.fromkeys(("MMMM", "mmmm"), "%B"),
        **dict.fromkeys(("H", "HH"), "%H"),
        **dict.fromkeys(("h", "hh"), "%I"),  # or 24 hours, without AM or PM
        **dict.fromkeys(("s", "ss", "S", "SS"), "%S"),
        **dict.fromkeys(("f", "ff", "fff", "ffffff", "SSS", "SSSSSS"), "%f"),
        **dict.fromkeys(("a", "A", "t", "tt", "am/pm", "AM/PM"), "%p"),
        **dict.fromkeys(("z", "zz", "zzz", "Z", "X", "XX", "XXX", "x", "xx", "xxx"), "%z"),
        "T": "T",
    }
)


class PatternError(ValueError):
    """A text describes no pattern; the message says what it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A way to write dates or times: codes such as `%d`, and texts between them."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the pattern in codes."""
        return "".join(self.parts)

    @property
    def timed(self) -> bool:
        """Tell whether there is a time of day in it."""
        return "hour" in _told(self.parts)

    @property
    def beside_iso(self) -> bool:
        """Tell whether ISO 8601 can be read beside it: not where the day follows the year."""
        return not self.text.startswith("%Y-%d")

    @property
    def regex(self) -> str:
        """Return the regular expression of a whole cell, with a group for what each code tells."""
        return f"^{''.join(_regexes(self.parts))}$"


def pattern_of(text: str) -> Pattern:
    """Return the pattern that a text describes; raise `PatternError` if it describes none."""
    text = text.strip()
    parts = _joined(_coded(text) if "%" in text else _lettered(text))
    _check(parts)
    return Pattern(parts=parts)


def pattern_problem(text: str) -> str | None:
    """Return why a text describes no pattern."""
    try:
        pattern_of(text)
    except PatternError as exc:
        return str(exc)
    return None


def _joined(parts: Sequence[str]) -> tuple[str, ...]:
    """Put neighbouring texts together."""
    joined: list[str] = []
    for part in parts:
        if joined and part not in _CODES and joined[-1] not in _CODES:
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _coded(text: str) -> list[str]:
    """Split a pattern at its codes."""
    parts = re.findall(r"%-?.?|[^%]+", text, re.DOTALL)
    for part in parts:
        if part[0] == "%" and part not in _CODES:
            msg = f"must not have {shown(part)}; {_remedy(part)}"
            raise PatternError(msg)
    return parts


def _remedy(code: str) -> str:
    """Say which code may be meant by one that there is not."""
    plain, swapped = code.replace("-", ""), code.swapcase()
    near = next((c for c in (plain, _MEANT.get(plain), swapped) if c and c[:2] in _CODES), None)
    return f"use one of {' '.join(_CODES)}" if near is None else f"did you mean {near!r}?"


def _lettered(text: str) -> list[str]:
    """Return the codes and texts that letters mean."""
    words = [match[0] for match in _WORDS.finditer(text)]
    codes = [_code(word) for word in words]
    places = [place for place, code in enumerate(codes) if code in _CODES]
    known = [codes[place] for place in places]
    for before, place, after in zip(["", *known], places, [*known[1:], ""], strict=False):
        if codes[place] == "%m" and (before in _HOURS or after == "%S"):
            codes[place] = "%M"
        elif codes[place] == "%I" and "%p" not in codes:
            codes[place] = "%H"
    return codes


def _code(word: str) -> str:
    """Return what a run of letters means, or the text that it is."""
    if not word[0].isalpha() or not word.isascii():
        return word[1:-1] or "'" if word[0] == "'" else word
    if word not in _LETTERS:
        msg = f"must not have {shown(word)}; use letters such as 'yyyy-MM-dd HH:mm'"
        raise PatternError(msg)
    return _LETTERS[word]


def _told(parts: Sequence[str]) -> list[str]:
    """Return what the codes tell, in order."""
    return [_CODES[part][0] for part in parts if part in _CODES]


def _check(parts: Sequence[str]) -> None:
    """Raise unless the codes make up a day, and perhaps a time, in one way."""
    told = _told(parts)
    problems = [
        *(f"must have the {one} once" for one in told if told.count(one) > 1),
        *(
            f"must have a {one}, as '%d.%m.%Y' and 'dd.MM.yyyy' do"
            for one in ("day", "month", "year")
            if one not in told
        ),
        *(
            f"must have the {other} where there is {code}"
            for code, other in _WANTS
            if code in parts and other not in told
        ),
    ]
    if "%p" in parts and "%H" in parts:
        problems.append("must have %I, not %H, where there is %p")
    if any(one == "%f" and _digits_first(after) for one, after in pairwise(parts)):
        problems.append("must not have digits behind %f")
    if problems:
        raise PatternError(problems[0])


def _regexes(parts: Sequence[str]) -> Iterator[str]:
    """Yield a regular expression for each part."""
    for before, part, after in zip(("", *parts), parts, (*parts[1:], ""), strict=False):
        if part in _CODES:
            touched = _digits_last(before) or _digits_first(after)
            yield _CODES[part][1].replace("##", "[0-9]{2}" if touched else "[0-9]{1,2}")
        else:
            yield re.escape(part)


def _digits_first(part: str) -> bool:
    return part not in _NOT_DIGITS if part in _CODES else part[:1].isdigit()


def _digits_last(part: str) -> bool:
    return part not in _NOT_DIGITS if part in _CODES else part[-1:].isdigit()
