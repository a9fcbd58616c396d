"""A JSON text as far as it is looked at, and where it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from definitions.batches import Position
from sources.beginnings import BEFORE_JSON, DUMP
from sources.compression import ByteStream
from sources.formats.json.arrays import WHOLE
from sources.gathering import shown

MOST_SHOWN = 60  # characters of what is around the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A JSON text: its `sample` from `begin` on, whether that is all, and how to open any byte.

    `is_dump`: what phpMyAdmin writes first was before it.
    """

    name: str
    sample: bytes
    begin: Position
    complete: bool
    open_at: Callable[[int], ByteStream]
    is_dump: bool = False

    def from_byte(self, byte: int, most: int) -> bytes:
        """Return the sample from a byte of the file on, `most` bytes of it."""
        begin = byte - self.begin.byte
        return self.sample[begin : begin + most]

    def position(self, place: int) -> Position:
        """Return a place in the sample as that of a first record."""
        line = self.begin.line + self.sample.count(b"\n", 0, place)
        return Position(byte=self.begin.byte + place, row=1, line=line)


def before_text(sample: bytes) -> tuple[Position, dict[str, str], bool]:
    """Return where the JSON begins behind comments and what wraps it, and what to tell of these.

    Tell also whether it is a dump of phpMyAdmin.
    """
    found = BEFORE_JSON.match(sample)
    if found is None or not found.group().strip():
        return WHOLE, {}, False
    end, wrapper = found.end(), found[2]
    line = 1 + sample.count(b"\n", 0, end)
    told = {}
    if found[1].strip():
        told["comments"] = f"those before line {line} were left out"
    if wrapper:
        told["wrapper"] = f"{shown(wrapper)[:MOST_SHOWN]!r} around the text was left out"
    return Position(byte=end, row=1, line=line), told, DUMP.match(wrapper) is not None
