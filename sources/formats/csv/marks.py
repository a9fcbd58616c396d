"""What can be told about a block of text from the places of its quotes, line ends and delimiters.

Every array of places is in ascending order and counts from the beginning of the buffer. The
records of a call lie one behind the other: record `i` is `buffer[starts[i] : ends[i]]`, and a line
end stands at `ends[i]`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sources.formats.csv.record import NEWLINE, RETURN

Bytes: TypeAlias = npt.NDArray[np.uint8]
Places: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


def places_of(data: Bytes, byte: int) -> Places:
    """Return where `byte` stands."""
    return np.flatnonzero(data == byte)


def places_from(places: Places, start: int) -> Places:
    """Return the places that are not before `start`."""
    return places[places.searchsorted(start) :]


def outside_quotes(places: Places, quotes: Places) -> Places:
    """Return the places that have an even number of quotes before them."""
    return places[quotes.searchsorted(places) % 2 == 0] if len(quotes) else places


def first_anomaly(data: Bytes, quotes: Places, start: int, delimiter: int) -> int:
    """Return where the first quote stands that can neither open nor close a field in its turn.

    `quotes` are those from `start` on, which is a record border. Without an anomaly the answer is
    the length of `data`. A quote too near the end of `data` to see what follows it is no anomaly.
    """
    if not len(quotes):
        return len(data)
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = np.diff(quotes)[1::2] == 1  # a closing quote and the opening one behind it touch
    before = data[np.maximum(opening, 1) - 1]
    opens = (before == delimiter) | (before == NEWLINE) | (opening == start)
    opens[1:] |= doubled
    closes = _ends_field(data, closing + 1, delimiter)
    closes[: len(doubled)] |= doubled
    wrong = np.concatenate((opening[~opens][:1], closing[~closes][:1]))
    return int(wrong.min(initial=len(data)))


def count_fields(delimiters: Places, ends: Places) -> Places:
    """Return how many fields each record has, given the delimiters outside quotes."""
    return np.diff(delimiters.searchsorted(ends), prepend=0) + 1


def count_before(mask: Mask, allowed: int) -> int:
    """Return how many items stand before the one that is true after `allowed` others are."""
    return int((np.cumsum(mask) <= allowed).sum())


def are_blank(data: Bytes, starts: Places, ends: Places) -> Mask:
    """Tell for each record whether there is nothing on its line."""
    lengths = ends - starts
    mask: Mask = (lengths == 0) | ((lengths == 1) & (data[starts] == RETURN))
    return mask


def are_undecodable(buffer: bytes, starts: Places, ends: Places) -> Mask:
    """Tell for each record whether it is not UTF-8."""
    bad = np.zeros(len(ends), dtype=np.bool_)
    begin, end = int(starts[0]), int(ends[-1])
    if is_text(buffer, begin, end):
        return bad
    beyond_ascii = np.flatnonzero(np.frombuffer(buffer, np.uint8)[begin:end] > 0x7F) + begin  # noqa: PLR2004
    for record in np.unique(ends.searchsorted(beyond_ascii)):
        bad[record] = not is_text(buffer, int(starts[record]), int(ends[record]))
    return bad


def is_text(buffer: bytes, begin: int, end: int) -> bool:
    """Tell whether a part of `buffer` is UTF-8."""
    try:
        str(memoryview(buffer)[begin:end], "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def joined(data: Bytes, starts: Places, ends: Places, wanted: Mask) -> bytes:
    """Return the wanted records with their line ends, one behind the other."""
    text = data[starts[0] : ends[-1] + 1]
    if wanted.all():
        return text.tobytes()
    return text[np.repeat(wanted, ends + 1 - starts)].tobytes()


def _ends_field(data: Bytes, behind: Places, delimiter: int) -> Mask:
    """Tell which places `behind` a quote hold what may follow a closing one, or are not seen."""
    last = len(data) - 1
    char, following = data[np.minimum(behind, last)], data[np.minimum(behind + 1, last)]
    unseen = behind > last
    line_end = (char == NEWLINE) | ((char == RETURN) & ((following == NEWLINE) | (behind == last)))
    mask: Mask = (char == delimiter) | line_end | unseen
    return mask
