"""What is said about a cell that cannot be used: a code for machines, a text with a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isfinite
from types import MappingProxyType

from definitions.canonical import canonical_number
from definitions.conversion import LONGEST_KEY
from definitions.epochs import compact_format, is_counted_day
from definitions.faults import FaultCode
from definitions.forms import has_clock, orders
from definitions.jsonchecks import holds_nul_escape
from definitions.keytext import trimmed
from definitions.masking import MASK
from definitions.model import TargetType
from definitions.no_such_day import missing_part
from definitions.remedies import formats_of, number_remedy, stands_for_nothing
from definitions.written import AS_THE_CONTRACT_HAS_IT, COMMA, PLAIN, POINT, DateOrder, Written

LONGEST_VALUE = 200

_NUL = (FaultCode.NUL_CHARACTER, "holds a NUL character: remove it")
_KEY_TOO_LONG = (
    FaultCode.KEY_TOO_LONG,
    f"is longer than {LONGEST_KEY} bytes: use a shorter key",
)
_COMPLAINTS: Mapping[TargetType, tuple[FaultCode, str]] = MappingProxyType(
    {
        TargetType.STRING: _NUL,
        TargetType.LONG_TEXT: _NUL,
        TargetType.NUMBER: (FaultCode.NOT_A_NUMBER, "is not a number: use a decimal point"),
        TargetType.BOOLEAN: (FaultCode.NOT_A_BOOLEAN, "is not a boolean: use true or false"),
        TargetType.DATE: (FaultCode.NOT_A_DATE, "is not a date: use YYYY-MM-DD"),
        TargetType.DATETIME: (
            FaultCode.NOT_A_DATETIME,
            "is not a date and time: use ISO 8601, such as 2024-01-31T10:15:00",
        ),
        TargetType.TIMESTAMP: (
            FaultCode.NOT_A_TIMESTAMP,
            "is not a timestamp: use epoch seconds or ISO 8601",
        ),
        TargetType.LIST: (FaultCode.NOT_A_LIST, "is not a list: use a JSON array, or commas"),
        TargetType.JSON: (FaultCode.NOT_JSON, "is not JSON, or nested deeper than 200 levels"),
        TargetType.URL: (FaultCode.NOT_A_URL, "is not a web address: begin with http or https"),
    }
)
_JSON_LIKE = frozenset({TargetType.LIST, TargetType.JSON})
_DATES = frozenset({TargetType.DATE, TargetType.DATETIME, TargetType.TIMESTAMP})
_LARGE = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)[eE][+-]?[0-9]{4,}")
_LEAVE_EMPTY = "leave the cell empty, or say null_values in source.format"
_TEXTS = frozenset({TargetType.STRING, TargetType.LONG_TEXT})
_NO_SUCH_PART = ": there is no .*"  # it names the year, the month, or whatever there is not
_COMPACT_DAY = "%Y%m%d"
_COMPACT_DOUBTS: Mapping[str, str] = MappingProxyType(
    {
        _COMPACT_DAY: "a date or epoch seconds",
        "%Y%m%d%H%M": "a date and time or epoch seconds",
        "%Y%m%d%H%M%S": "a date and time or epoch milliseconds",
    }
)
_FORMATS: Mapping[DateOrder, str] = MappingProxyType(
    {DateOrder.DAY_FIRST: "%d/%m/%Y", DateOrder.MONTH_FIRST: "%m/%d/%Y"}
)


def complaint(
    target: TargetType, raw: str, written: Written = AS_THE_CONTRACT_HAS_IT
) -> tuple[FaultCode, str]:
    """Return why a cell that could not become `target` was left out, and what to do."""
    if stands_for_nothing(trimmed(raw)) and target not in _TEXTS:
        code, simple = _COMPLAINTS[target]
        return _about(raw, code, f"{simple.partition(':')[0]}: {_LEAVE_EMPTY}")
    if target is TargetType.NUMBER and "\0" not in raw:
        return _about(raw, *_about_number(trimmed(raw), written))
    if target in _DATES and "\0" not in raw:
        return _about(raw, *_about_date(trimmed(raw), target, written))
    if target is TargetType.LIST and written.separator != "," and not _holds_nul(target, raw):
        text = f"is not a list: use a JSON array, or {written.separator!r}"
        return _about(raw, FaultCode.NOT_A_LIST, text)
    return plain_complaint(target, raw)


def plain_complaint(target: TargetType, raw: str) -> tuple[FaultCode, str]:
    """Return why a text that no column holds could not become `target`, and what to do."""
    return _about(raw, *(_NUL if _holds_nul(target, raw) else _COMPLAINTS[target]))


def key_complaint(raw: str) -> tuple[FaultCode, str]:
    """Return why a cell could not be a key, and what to do."""
    return _about(raw, *(_NUL if "\0" in raw else _KEY_TOO_LONG))


def masked(
    complain: Callable[[str], tuple[FaultCode, str]],
) -> Callable[[str], tuple[FaultCode, str]]:
    """Return what says the same about a cell without showing it."""

    def say(raw: str) -> tuple[FaultCode, str]:
        code, text = complain(raw)
        told = re.sub(
            _NO_SUCH_PART, ": there is no such day or time", text.removeprefix(_shown(raw))
        )
        return code, f"{MASK}{told}" if raw else text

    return say


def _holds_nul(target: TargetType, raw: str) -> bool:
    return "\0" in raw or (target in _JSON_LIKE and holds_nul_escape(raw))


def _about_number(text: str, written: Written) -> tuple[FaultCode, str]:
    code, simple = _COMPLAINTS[TargetType.NUMBER]
    if re.fullmatch(_LARGE, text):
        return code, "is a number with an exponent of more than 3 digits: import it as a string"
    if re.fullmatch(PLAIN.regex, text) and (not written.numbers_said or not isfinite(float(text))):
        return code, "is a number that double precision does not hold: import it as a string"
    if written.numbers_said:
        marks = " or ".join(map(repr, written.numbers.thousands)) or "nothing"
        said = f"decimal {written.numbers.decimal!r}, thousands parted by {marks}"
        return code, f"is not a number: its column is mapped with {said}"
    pointed, parted = (re.fullmatch(style.regex, text) for style in (POINT, COMMA))
    if pointed and parted:
        say = "say decimal '.' or decimal ',' in its mapping"
        return FaultCode.AMBIGUOUS_NUMBER, f"may have a decimal comma or a thousands mark: {say}"
    if pointed or parted:
        mark = "." if pointed else ","
        return code, f"{simple}, or say decimal {mark!r} in its mapping"
    return code, f"is not a number: {number_remedy(text)}"


def _about_date(text: str, target: TargetType, written: Written) -> tuple[FaultCode, str]:
    code, simple = _COMPLAINTS[target]
    timed = target is not TargetType.DATE
    missing = missing_part(text, written, timed=timed)
    if missing is not None:
        read = written.pattern and f"is read as {written.pattern.text!r}, as its mapping says"
        return code, f"{read or simple.partition(':')[0]}: {missing}"
    known = orders(text, timed=timed) if _is_order_unknown(written) else ()
    if not timed and not known and _has_time(text, written.of_typed):
        return code, "is not a date, as it has a time of day or a zone: map it as datetime"
    if written.pattern is not None:
        iso = " or as ISO 8601" if written.pattern.beside_iso else ""
        return code, f"is not written as {written.pattern.text!r}{iso}, as its mapping says"
    about = _about_digits(_digits(text), target)
    if about is not None:
        return about
    if not known:
        return code, _with_formats(simple, formats_of(text, timed=timed))
    say = _saying_order(known, at_midnight=not timed and ":" in text)
    doubt = "its column does not prove which of day and month is first"
    return FaultCode.AMBIGUOUS_DATE, f"is not clear, as {doubt}: {say}"


def _with_formats(simple: str, formats: tuple[str, ...]) -> str:
    """Add to a complaint the formats that would read the text."""
    say = " or ".join(f"format {form!r}" for form in formats)
    return f"{simple}, or say {say} in its mapping" if say else simple


def _about_digits(digits: str, target: TargetType) -> tuple[FaultCode, str] | None:
    """Say what digits are in doubt of, if they may be a date, perhaps with a time."""
    form = compact_format(digits)
    if form is not None and (form == _COMPACT_DAY or target is not TargetType.DATE):
        return _about_compact(form, target)
    return _about_counted_day(target) if is_counted_day(digits) else None


def _about_compact(form: str, target: TargetType) -> tuple[FaultCode, str]:
    """Say what the digits of a date are in doubt of: they are no numbers in a column of dates."""
    say = f"say format {form!r} in its mapping"
    if target is TargetType.DATE:
        return FaultCode.NOT_A_DATE, f"is not a date: use YYYY-MM-DD, or {say}"
    return FaultCode.AMBIGUOUS_DATE, f"may be {_COMPACT_DOUBTS[form]}: {say}"


def _about_counted_day(target: TargetType) -> tuple[FaultCode, str]:
    """Say what a number is that spreadsheets show as a date."""
    form = "2024-01-31" if target is TargetType.DATE else "2024-01-31T10:15:00"
    say = f"let the spreadsheet write it as {form}"
    if target is TargetType.TIMESTAMP:
        doubt = "a day as spreadsheets count them or a second of 1 January 1970"
        return FaultCode.AMBIGUOUS_DATE, f"may be {doubt}: {say}"
    code, simple = _COMPLAINTS[target]
    return code, f"{simple.partition(':')[0]}, but may be a day as spreadsheets count them: {say}"


def _digits(text: str) -> str:
    """Return a number as its digits: `20240131.0` is 20240131."""
    return canonical_number(text) if re.fullmatch(PLAIN.regex, text) else text


def _has_time(text: str, written: Written) -> bool:
    """Tell whether a text that is no date would be a time, in whichever order day and month are."""
    if has_clock(text, written):
        return missing_part(text, written, timed=True) is None
    return _is_order_unknown(written) and bool(orders(text, timed=True))


def _is_order_unknown(written: Written) -> bool:
    return written.pattern is None and written.dates is DateOrder.UNKNOWN


def _saying_order(known: tuple[DateOrder, ...], *, at_midnight: bool) -> str:
    """Return the remedy for a text of several orders; the format of a date has no time of day."""
    if at_midnight:
        return "map it as datetime and say its format"
    return f"say {' or '.join(f'format {_FORMATS[order]!r}' for order in known)} in its mapping"


def _about(raw: str, code: FaultCode, text: str) -> tuple[FaultCode, str]:
    return code, f"{_shown(raw)} {text}"


def _shown(raw: str) -> str:
    return repr(raw[:LONGEST_VALUE])
