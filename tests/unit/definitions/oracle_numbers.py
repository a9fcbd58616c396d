"""Numbers as the guide describes them, read mark by mark."""

from __future__ import annotations

from decimal import Decimal

from tests.unit.definitions.oracle_columns import Column

KINDS = (",", ".", " \u00a0\u202f", "'\u2019", "_")
BARE = KINDS[2:]
DIGITS = frozenset("0123456789")


def number_style(column: Column) -> tuple[str, tuple[str, ...]]:
    """Return the decimal mark of a column, and the kinds of marks that may part thousands."""
    if column.thousands is not None:
        kind = next(kind for kind in KINDS if column.thousands in kind)
        return column.decimal or ("," if kind == "." else "."), (kind,)
    mark = column.decimal or column.mark
    if mark is None:
        return ".", ()
    return (mark, tuple(kind for kind in KINDS if kind != mark)) if mark else (".", BARE)


def says_numbers(column: Column) -> bool:
    return column.decimal is not None or column.thousands is not None


def number_in(text: str, decimal: str, kinds: tuple[str, ...]) -> Decimal:
    """Return the number that a text is in a style; raise ValueError if it is none.

    It fits in double precision and in 400 characters.
    """
    plain = plain_form(text, decimal, kinds)
    if len(plain) > 400 or abs(float(plain)) == float("inf"):
        raise ValueError(text)
    return Decimal(plain)


def plain_form(text: str, decimal: str, kinds: tuple[str, ...]) -> str:
    """Return a number of a style, of whatever size, as Python writes it."""
    sign, rest = (text[:1], text[1:]) if text[:1] in ("-", "+") else ("", text)
    mantissa, letter, exponent = rest.lower().partition("e")
    whole, mark, fraction = mantissa.partition(decimal)
    used = [kind for kind in kinds if set(whole) & set(kind)]
    if len(used) > 1 or (used and letter) or not set(fraction) <= DIGITS:
        raise ValueError(text)
    if used:
        whole = without(whole, used[0])
    if not set(whole) <= DIGITS or not whole + fraction:
        raise ValueError(text)
    if mark and not fraction and (used or decimal == ","):
        raise ValueError(text)
    return sign + whole + ("." if mark else "") + fraction + letter + checked(letter, exponent)


def without(whole: str, kind: str) -> str:
    """Return the digits of thousands that are parted rightly."""
    for mark in kind:
        whole = whole.replace(mark, kind[0])
    first, *others = whole.split(kind[0])
    if not 1 <= len(first) <= 3 or first[0] == "0" or any(len(other) != 3 for other in others):
        raise ValueError(whole)
    return first + "".join(others)


def checked(letter: str, exponent: str) -> str:
    """Return an exponent of one to three digits, if there is one."""
    digits = exponent[1:] if exponent[:1] in ("-", "+") else exponent
    if letter and not (1 <= len(digits) <= 3 and set(digits) <= DIGITS):
        raise ValueError(exponent)
    return exponent


def decimal_marks(text: str) -> tuple[str, ...]:
    """Return the decimal marks with which a text is a number, of whatever size."""
    return tuple(mark for mark in ".," if is_number(text, mark))


def is_number(text: str, mark: str) -> bool:
    try:
        plain_form(text, mark, tuple(kind for kind in KINDS if kind != mark))
    except ValueError:
        return False
    return True
