"""The names of a file's columns, made fit to be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


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


def renamed_columns(names: Sequence[str], unique: Sequence[str]) -> Mapping[str, str]:
    """Return the names in the file of those columns that are called otherwise, by these names."""
    return {new: old for new, old in zip(unique, names, strict=True) if new != old}


def told_renamed(renamed: Mapping[str, str]) -> dict[str, str]:
    """Return what the evidence says of columns that are called otherwise than in the file."""
    listed = ", ".join(f"{old!r} -> {new!r}" for new, old in renamed.items())
    return {"renamed_columns": listed} if renamed else {}
