"""Values in Thrift's compact protocol, in which the footer of a Parquet file is written.

A structure is fields, each with a number and a kind, and ends with a zero. Numbers are written in
groups of seven bits, the lowest first, so that small ones are short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, TypeAlias

_LONG = 15  # stands for the size of a list that is told behind its head
_MOST_BITS = 63  # before the last seven of a number
_DEEPEST = 32  # values in values
_LONGEST = 1 << 24  # bytes of a text
_TRUE, _FALSE = 1, 2
_Read: TypeAlias = Callable[[BinaryIO, int], Any]


def fields(stream: BinaryIO, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """Yield the number and the value of each field of a structure, from its first byte on.

    Values that are structures are their fields by number; sets are lists, maps are pairs. Raise
    `ValueError` for what is no such structure.
    """
    number = 0
    while head := _bytes(stream, 1)[0]:
        number = number + (head >> 4) if head >> 4 else _signed(stream)
        kind = head & 0xF
        yield number, kind == _TRUE if kind in (_TRUE, _FALSE) else _value(stream, kind, depth)


def _value(stream: BinaryIO, kind: int, depth: int) -> Any:  # noqa: ANN401  of any kind
    if depth > _DEEPEST or kind not in _KINDS:
        msg = "what it says of its columns cannot be read"
        raise ValueError(msg)
    return _KINDS[kind](stream, depth + 1)


def _list(stream: BinaryIO, depth: int) -> list[Any]:
    head = _bytes(stream, 1)[0]
    size = head >> 4 if head >> 4 < _LONG else _unsigned(stream)
    return [_value(stream, head & 0xF, depth) for _ in range(size)]


def _pairs(stream: BinaryIO, depth: int) -> list[tuple[Any, Any]]:
    size = _unsigned(stream)
    kinds = _bytes(stream, 1)[0] if size else 0
    return [
        (_value(stream, kinds >> 4, depth), _value(stream, kinds & 0xF, depth)) for _ in range(size)
    ]


def _signed(stream: BinaryIO) -> int:
    """Return a whole number, of which every second one is negative: 0, -1, 1, -2."""
    number = _unsigned(stream)
    return number >> 1 ^ -(number & 1)


def _unsigned(stream: BinaryIO) -> int:
    number = 0
    for bits in range(0, _MOST_BITS + 1, 7):
        byte = _bytes(stream, 1)[0]
        number |= (byte & 0x7F) << bits
        if byte < 0x80:  # noqa: PLR2004  no more bytes
            return number
    msg = "a number in what it says of its columns has no end"
    raise ValueError(msg)


def _bytes(stream: BinaryIO, count: int) -> bytes:
    found = stream.read(min(count, _LONGEST))
    if len(found) < count:
        msg = "what it says of its columns is cut"
        raise ValueError(msg)
    return found


_KINDS: Mapping[int, _Read] = MappingProxyType(
    {
        _TRUE: lambda stream, _: _bytes(stream, 1),  # in lists; a field has it in its kind
        _FALSE: lambda stream, _: _bytes(stream, 1),
        3: lambda stream, _: _bytes(stream, 1),
        **dict.fromkeys((4, 5, 6), lambda stream, _: _signed(stream)),  # of 16, 32 and 64 bits
        7: lambda stream, _: _bytes(stream, 8),
        8: lambda stream, _: _bytes(stream, _unsigned(stream)),
        9: _list,
        10: _list,
        11: _pairs,
        12: lambda stream, depth: dict(fields(stream, depth)),
        13: lambda stream, _: _bytes(stream, 16),
    }
)
