"""Which quotes of a block open and close fields.

A quote *may open* a field where one begins: behind a delimiter or a record end. It *may close* one
where a field may end: before a delimiter or a line end. Whether it does depends on whether it
stands inside a quoted field, and so on the quotes before it. That looks like a loop, and is none:
each quote, or each run of quotes where they are doubled, is one of four moves between *outside* and
*inside*, and moves of a kind can be counted.

| dialect | may open | may close | move |
|---|---|---|---|
| doubled quotes, by run: | yes | any | an odd run *turns*, an even run does nothing |
| | no | any | an odd run leads *outside*, an even run does nothing |
| escaped quotes: | yes | any | *turns* (outside it opens, inside it closes) |
| | no | any | leads *outside* (outside it is an ordinary character) |
| no escape: | yes | yes | *turns* |
| | yes | no | leads *inside* (inside it is an ordinary character) |
| | no | yes | leads *outside* |
| | no | no | does nothing |

The state behind a quote is where the last leading move led, turned as often as there are turns
since (`_states`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import (
    NEWLINE,
    NOWHERE,
    RETURN,
    Bytes,
    Marks,
    Mask,
    Places,
    places_from,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The quotes that open and close fields, in turn: the 1st opens, the 2nd closes, and so on.

    A doubled quote inside a field is there as one that closes and one that opens. `strays` are
    closing ones with text behind them. `in_order` tells that all quotes turn and none is stray.
    """

    places: Places
    strays: Places
    in_order: bool


def find_turns(marks: Marks, start: int) -> Turns:
    """Tell which quotes turn, from the record border `start` on."""
    dialect, quotes = marks.dialect, places_from(marks.quotes, start)
    plain = dialect.has_short_delimiter and not len(marks.escapes)
    if not len(quotes) or (plain and _are_in_order(marks.text, quotes, start, dialect)):
        return Turns(places=quotes, strays=NOWHERE, in_order=plain)
    begins, ends = _field_borders(marks, start)
    if dialect.doubles:
        places = _turning_runs(quotes, begins)
    else:
        places = _turning(quotes, begins, ends, dialect)
    closing = places[1::2]
    closes = ends[closing + 1]
    if dialect.doubles:
        closes |= np.diff(places, append=-1)[1::2] == 1
    return Turns(places=places, strays=closing[~closes], in_order=False)


def outside(places: Places, turning: Places) -> Places:
    """Return the places that have an even number of turns before them."""
    return places[turning.searchsorted(places) % 2 == 0] if len(turning) else places


def _are_in_order(data: Bytes, quotes: Places, start: int, dialect: Dialect) -> bool:
    """Tell whether the quotes may open and close fields in turn, and so do.

    This is so in almost all text, and quicker to see than what each quote does. A quote too near
    the end of `data` to see what follows it is in order.
    """
    opening, closing = quotes[0::2], quotes[1::2]
    delimiter, returns_end = dialect.delimiter[0], dialect.returns_end
    before = data[np.maximum(opening, 1) - 1]
    opens = (before == delimiter) | (before == NEWLINE) | (opening == start)
    last, behind = len(data) - 1, closing + 1
    char = data[np.minimum(behind, last)]
    closes = (char == delimiter) | (char == NEWLINE) | (behind > last)
    if returns_end:
        opens |= before == RETURN
        closes |= char == RETURN
    else:
        following = data[np.minimum(behind + 1, last)]
        closes |= (char == RETURN) & ((following == NEWLINE) | (behind == last))
    if dialect.doubles:
        doubled = np.diff(quotes)[1::2] == 1  # a closing quote and the opening one behind it touch
        opens[1:] |= doubled
        closes[: len(doubled)] |= doubled
    return bool(opens.all() and closes.all())


def _field_borders(marks: Marks, start: int) -> tuple[Mask, Mask]:
    """Tell for each place whether a field may begin there, and whether one may end before it."""
    size = len(marks.text)
    begins, ends = np.zeros(size + 1, np.bool_), np.zeros(size + 1, np.bool_)
    begins[start] = True
    begins[marks.delimiters + len(marks.dialect.delimiter)] = True
    begins[marks.ends + 1] = True
    ends[marks.delimiters] = True
    ends[marks.ends] = True
    long = marks.ends[(marks.text[marks.ends] == NEWLINE) & (marks.ends > 0)]
    ends[long[marks.marked[long - 1] == RETURN] - 1] = True
    return begins, ends


def _turning_runs(quotes: Places, begins: Mask) -> Places:
    """Return which quotes turn where a quote in a field is doubled."""
    is_first = np.diff(quotes, prepend=-2) != 1
    firsts = np.flatnonzero(is_first)
    odd = np.diff(firsts, append=len(quotes)) % 2 == 1
    opens = begins[quotes[firsts]]
    inside = _states(odd & opens, odd & ~opens, np.zeros_like(odd))
    ordinary = ~opens & ~_before(inside)
    turning: Places = quotes[~ordinary[np.cumsum(is_first) - 1]]
    return turning


def _turning(quotes: Places, begins: Mask, ends: Mask, dialect: Dialect) -> Places:
    """Return which quotes turn where each stands for itself."""
    opens, closes = begins[quotes], ends[quotes + 1]
    if dialect.escape:
        closes = np.ones_like(closes)
    inside = _states(opens & closes, closes & ~opens, opens & ~closes)
    turning: Places = quotes[inside != _before(inside)]
    return turning


def _states(turn: Mask, lead_out: Mask, lead_in: Mask) -> Mask:
    """Tell for each move whether it ends inside a quoted field; the first one starts outside."""
    count = np.cumsum(turn)
    last_lead = np.maximum.accumulate(np.where(lead_out | lead_in, np.arange(len(turn)), -1))
    led = last_lead >= 0
    since: Places = count - np.where(led, count[last_lead], 0)
    mask: Mask = (lead_in[last_lead] & led) ^ (since % 2 == 1)
    return mask


def _before(states: Mask) -> Mask:
    return np.concatenate((np.zeros(1, np.bool_), states[:-1]))
