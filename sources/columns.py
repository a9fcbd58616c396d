"""The names of a file's columns, made fit to be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, with `column_3` for an empty third one and `mail_2` for a second `mail`."""
    taken, copies = set(names), Counter[str]()
    result: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        base = name or f"column_{number}"
        unique = base
        while unique in result or (unique in taken and unique != name):
            copies[base] += 1
            unique = f"{base}_{copies[base] + 1}"
        result[unique] = None
    return tuple(result)
