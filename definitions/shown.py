"""Values as messages show them: quoted, cut when they are long, without a login or a token.

Of a web address only scheme and host are shown: its path, its query and what stands before its
host may let somebody in.
"""

from __future__ import annotations

import re

LONGEST = 60
_DIGITS = re.compile(r"-?[0-9.]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/*")


def named(text: str, value: object, *, address: bool = False) -> str:
    """Return a refusal with the value it is about, unless it has it, or its kind says it all."""
    seen = _seen(value, address=address)
    if seen is None or _has(text, seen, value):
        return text
    return f"{text}; got {seen}"


def shown(value: str, *, address: bool = False) -> str:
    """Return a text as a message shows it: quoted, cut when it is long, no login or token in it."""
    text = _host(value) if address or "://" in value else value
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def digits(number: float) -> str:
    """Return a number as a message shows it."""
    try:
        text = repr(number)
    except ValueError:  # the interpreter writes no more digits than so many
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _seen(value: object, *, address: bool) -> str | None:
    """Return a value as a message shows it; None if the message has said what it is."""
    if isinstance(value, str):
        return shown(value, address=address)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return digits(value)


def _has(text: str, seen: str, value: object) -> bool:
    """Tell whether a message has the value already."""
    if isinstance(value, str):
        if seen in text or (not value and "empty" in text):
            return True
        if not _DIGITS.fullmatch(value):
            return False
        seen = value  # a number of a query, which the message may have as one
    return re.search(rf"(?<![\w.+-]){re.escape(seen)}(?![\w.])", text) is not None


def _host(address: str) -> str:
    """Return the beginning of a web address that holds neither login nor token."""
    found = _SCHEME.match(address)
    scheme = found[0] if found else ""
    if "@" in address:
        return f"{scheme}…"
    host, *rest = re.split(r"[/?#\\]", address[len(scheme) :], maxsplit=1)
    return f"{scheme}{host}/…" if rest else f"{scheme}{host}"
