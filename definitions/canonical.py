"""One text per JSON value: what is equal as JSON is written in one way, on every database.

A number has no trailing zeros behind the point and no negative zero, and keeps all its digits; only
where more than twenty zeros would pad it is it a whole number with an exponent.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal

import orjson

_MOST_PADDING = 20
# what a parser would round or write in another way; inside a string it costs nothing but time
_PERHAPS_ODD = re.compile(r"[0-9][.eE]|[0-9]{16}|-0")


def canonical_number(text: str) -> str:
    """Return the one way to write a number: `9.50` is 9.5, `1e2` is 100, `-0.0` is 0."""
    number = Decimal(text)
    if not number:
        return "0"
    digits = "".join(map(str, number.as_tuple().digits))
    kept = digits.rstrip("0")
    power = number.adjusted() - len(kept) + 1
    if power > _MOST_PADDING or number.adjusted() < -_MOST_PADDING:
        return f"{'-' if number < 0 else ''}{kept}e{power}"
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def stored_order(name: str) -> tuple[int, bytes]:
    """Return what properties of customers and items are ordered by: short names before long ones.

    PostgreSQL keeps the members of an object so; what comes in that order it need not sort. (Events
    are known by their text, in which names stand in the order of code points for good.)
    """
    text = name.encode()
    return len(text), text


def canonical_json(text: str) -> str:
    """Return the one way to write a JSON text: keys sorted, no spaces, numbers canonical."""
    return _exact(text) if _PERHAPS_ODD.search(text) else _dumped(orjson.loads(text))


def canonical_of(text: str, value: object) -> str:
    """Return the one way to write a JSON text that was read already."""
    return _exact(text) if _PERHAPS_ODD.search(text) else _dumped(value)


def _exact(text: str) -> str:
    """Return the one way to write a JSON text, with all digits of its numbers."""
    return _dumped(json.loads(text, parse_int=_fragment, parse_float=_fragment))


def _dumped(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _fragment(text: str) -> orjson.Fragment:
    """Return a number as it will be written."""
    return orjson.Fragment(canonical_number(text))
