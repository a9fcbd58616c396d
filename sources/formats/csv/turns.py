"""Up to where quotes can simply be counted, as each opens or closes a field in its turn.

The first quote from a row border on opens a field, the second closes it, and so on. One that opens
is in turn where a field may begin, one that closes where a field may end; a doubled quote closes
its field and opens it again:

```
text   a , " b , c " , " d " " e " ⏎ x , 1 5 " ⏎
turn       o       c   o   c o   c           !     (o)pens, (c)loses, or is out of turn: no field
                                                   begins behind the 5
```

Almost all text is in turn to its end, and that is much quicker to see than what each quote does
(`quoting`).
"""

from __future__ import annotations

import numpy as np

from definitions.arrays import Mask
from sources.formats.csv.structural_index import (
    NEWLINE,
    RETURN,
    Places,
    StructuralIndex,
    are_given_remarks,
    places_from,
)

# So many places are looked at first, and then so many times as many.
FIRST_LOOK, FURTHER_LOOK = 4096, 16


def countable_until(index: StructuralIndex, start: int) -> int:
    """Return up to where all quotes from the border `start` on open and close fields in turn.

    If all of them do, or there are none, that is the end of the text. It is `start` where quotes
    stand beside escapes or a long delimiter: then their neighbours do not tell. From a given remark
    with a quote in it on nothing is counted, as that has no turn.
    """
    end = _first_quoting_remark(index, start)
    numbers = index.between(start, end)
    if not index.are_quotes[numbers].any():
        return end
    if len(index.escapes) or not index.dialect.has_short_delimiter:
        return start
    begin, count = numbers.start, FIRST_LOOK
    while begin < numbers.stop:  # where quotes are soon out of turn the others are not looked at
        part = slice(begin, min(begin + count, numbers.stop))
        place = _first_out_of_turn(index, part, numbers.start, start)
        if place < end:
            return place
        begin, count = part.stop, count * FURTHER_LOOK
    return end


def _first_quoting_remark(index: StructuralIndex, start: int) -> int:
    """Return where the first line from `start` on begins that is a given remark with a quote.

    Without one return the length of the text. It may stand inside a quoted field, and be none.
    """
    size = len(index.text)
    if not index.dialect.remark_is_given or not len(index.quotes):
        return size
    quotes = index.quotes
    ends = np.append(places_from(index.ends, start), size)
    starts = np.concatenate(([start], ends[:-1] + 1))
    begun = starts < size
    starts, ends = starts[begun], ends[begun]
    quoting = are_given_remarks(index, starts) & (
        quotes.searchsorted(ends) > quotes.searchsorted(starts)
    )
    return int(starts[quoting].min(initial=size))


def _first_out_of_turn(index: StructuralIndex, numbers: slice, first: int, start: int) -> int:
    """Return where the first quote stands that can neither open nor close a field in its turn.

    Looked for is among the places with these `numbers`; turns are counted from the place with the
    number `first` on, which is the first from the row border `start` on. Without such a quote
    return the length of the text. One too near the end of the text to see what follows it is in
    turn.
    """
    places, are_quotes = index.places[numbers], index.are_quotes[numbers]
    are_odd = index.are_odd(numbers, first)
    # Almost all quotes touch a mark: a delimiter, a line end, or the other one of a doubled pair.
    touch = np.diff(places) == 1
    if not index.dialect.doubles:
        touch &= ~(are_quotes[:-1] & are_quotes[1:])
    touched, touching = np.append(False, touch), np.append(touch, False)
    left = np.flatnonzero(are_quotes & ~np.where(are_odd, touched, touching))
    opening, closing = places[left[are_odd[left]]], places[left[~are_odd[left]]]
    first_wrong = (
        *opening[~_may_open(index, opening, start)][:1],
        *closing[~_may_close(index, closing)][:1],
    )
    return int(min(first_wrong, default=len(index.text)))


def _may_open(index: StructuralIndex, quotes: Places, start: int) -> Mask:
    """Tell which quotes stand where a field begins, or behind one that closes a doubled pair."""
    dialect, before = index.dialect, index.text[np.maximum(quotes, 1) - 1]
    mask: Mask = (before == dialect.delimiter[0]) | (before == NEWLINE) | (quotes == start)
    if dialect.returns_end:
        mask |= before == RETURN
    return mask | (before == index.text[quotes]) if dialect.doubles else mask


def _may_close(index: StructuralIndex, quotes: Places) -> Mask:
    """Tell which quotes stand where a field may end, or before one that opens it again."""
    text, dialect = index.text, index.dialect
    last, behind = len(text) - 1, quotes + 1
    char = text[np.minimum(behind, last)]
    mask: Mask = (char == dialect.delimiter[0]) | (char == NEWLINE) | (behind > last)
    if dialect.returns_end:
        mask |= char == RETURN
    else:
        following = text[np.minimum(behind + 1, last)]
        mask |= (char == RETURN) & ((following == NEWLINE) | (behind == last))
    return mask | (char == text[quotes]) if dialect.doubles else mask
