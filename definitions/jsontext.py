"""JSON text built in columns, without a Python object per cell."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
import polars as pl

_SPECIAL = [*map(chr, range(0x20)), '"', "\\"]
_ESCAPED = [orjson.dumps(character).decode()[1:-1] for character in _SPECIAL]
BETWEEN = "\0"  # no text that is stored holds it


def array(column: str) -> pl.Expr:
    """Return JSON arrays of the strings that a column's texts have between `BETWEEN`."""
    text = pl.col(column)
    strings = text.str.replace_many([BETWEEN, *_SPECIAL[1:]], ['","', *_ESCAPED[1:]])
    return pl.when(text == "").then(pl.lit("[]")).otherwise(enclosed('["', strings, '"]'))


def escaped(text: pl.Expr) -> pl.Expr:
    """Return the text as it stands between the quotes of a JSON string."""
    return text.str.replace_many(_SPECIAL, _ESCAPED)


def quoted(text: pl.Expr) -> pl.Expr:
    """Return the text as a JSON string; null stays null."""
    return enclosed('"', escaped(text), '"')


def enclosed(before: str, text: pl.Expr, after: str) -> pl.Expr:
    """Return the text between two constant texts; null stays null."""
    return pl.concat_str(pl.lit(before), text, pl.lit(after))


def json_object(members: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return a JSON object of the members' JSON texts, keys sorted, null members left out."""
    if not members:
        return pl.lit("{}")
    written = [_member(name, members[name]) for name in sorted(members)]
    return enclosed("{", pl.concat_str(written, separator=",", ignore_nulls=True), "}")


def _member(name: str, value: pl.Expr) -> pl.Expr:
    """Return `"name":value`; null stays null."""
    return pl.concat_str(pl.lit(f"{orjson.dumps(name).decode()}:"), value)
