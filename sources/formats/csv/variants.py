"""What a dialect is when some mark in it means something else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from sources.formats.csv.dialect import QUOTE, Dialect
from sources.formats.csv.row_parser import KNOWN_GRAMMARS

OTHER_QUOTES = {QUOTE: b"'", b"'": QUOTE}
BACKSLASH = b"\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """A dialect, and what it is when some mark in it means something else."""

    unmarked: Dialect  # quotes inside are not marked
    unquoted: tuple[Dialect, ...]
    other_quote: Dialect | None
    backslashed: Dialect | None
    spaced: re.Pattern[bytes] | None  # spaces around the quotes of a field


@lru_cache(maxsize=KNOWN_GRAMMARS)
def variants_of(dialect: Dialect) -> Variants:
    """Return the variants of `dialect`; most malformed rows of a file ask for the same."""
    quote = dialect.quote
    other = OTHER_QUOTES.get(quote or b"")
    return Variants(
        unmarked=replace(dialect, escape=None),
        unquoted=tuple(
            replace(dialect, quote=None, escape=escape)
            for escape in dict.fromkeys((dialect.escaping, None))
        ),
        other_quote=_with_quote(dialect, other) if other else None,
        backslashed=replace(dialect, escape=BACKSLASH) if dialect.doubles else None,
        spaced=_spaces_around(quote, dialect.delimiter) if quote else None,
    )


def _spaces_around(quote: bytes, delimiter: bytes) -> re.Pattern[bytes]:
    mark, border = re.escape(quote), re.escape(delimiter)
    before = rb"(?P<before>\A|" + border + rb")[ \t]++(?=" + mark + rb")"
    return re.compile(before + rb"|(?<=" + mark + rb")[ \t]++(?=" + border + rb"|\Z)")


def _with_quote(dialect: Dialect, quote: bytes) -> Dialect:
    return replace(dialect, quote=quote, escape=quote if dialect.doubles else dialect.escape)
