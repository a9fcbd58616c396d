"""Which texts every database can hold; nothing stored equals one that it cannot."""

from __future__ import annotations


def holds_nul(text: str) -> bool:
    """Tell whether a text holds a NUL character, which PostgreSQL cannot store."""
    return "\0" in text


def holds_half_character(text: str) -> bool:
    """Tell whether a text holds a lone surrogate, which UTF-8 cannot spell."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def is_storable(text: str) -> bool:
    """Tell whether every database can hold the text."""
    return not holds_nul(text) and not holds_half_character(text)


def storable(value: str | int | bytes | None) -> str | int | bytes | None:
    """Return a value that people are shown; a NUL character in a text is written as its escape."""
    return value.replace("\0", "\\x00") if isinstance(value, str) else value
