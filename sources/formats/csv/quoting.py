"""Which quotes of a block open and close fields, line by line.

A quote *may open* a field where one begins: behind a delimiter or a row end. It *may close* one
where a field may end: before a delimiter or a line end. Whether it does depends on whether it
stands inside a quoted field, and so on the quotes before it. That looks like a loop, and is none:
each quote, or each run of quotes where they are doubled, is one of four moves between *outside* and
*inside* that can be told from its neighbours alone, and moves of a kind can be counted.

| dialect | may open | may close | move |
|---|---|---|---|
| doubled quotes, by run: | yes | any | an odd run *toggles*, an even run does nothing |
| | no | any | an odd run leads *outside*, an even run does nothing |
| escaped quotes: | yes | any | *toggles* (outside it opens, inside it closes) |
| | no | any | leads *outside* (outside it is an ordinary character) |
| no escape: | yes | yes | *toggles* |
| | yes | no | leads *inside* (inside it is an ordinary character) |
| | no | yes | leads *outside* |
| | no | no | does nothing |

The state behind a quote is where the last leading move of its line led, or else the state in which
the line began, changed as often as there are toggling moves since (`_inside`):

```
text        a , " b , " " c " d , " e "
move            t     -     o     t   o     (t)oggles, leads (o)utside, or does nothing
behind it       in    in    out   in  out
```

A line is read twice, as if it began outside a quoted field and as if it began inside: so whatever a
row turns out to be, where it would end is known for each line on which it might begin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from definitions.arrays import Mask
from sources.formats.csv.structural_index import (
    BOM,
    NEWLINE,
    RETURN,
    Places,
    StructuralIndex,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in each line if all of them begin outside quotes, or all of them inside.

    `toggles` are the quotes that open and close fields; a doubled quote inside a field is there as
    one that closes and one that opens. `strays` are closing ones with text behind them.
    `delimiters` are those outside quotes. `open_ends` tells of each line whether it ends inside.
    """

    toggles: Places
    strays: Places
    delimiters: Places
    open_ends: Mask


class Quoting:
    """What the quotes of a buffer do, whatever the lines begin with.

    A move is a run of quotes where they are doubled, else a quote.
    """

    def __init__(self, index: StructuralIndex) -> None:
        """Find the moves; what they come to is told by `read`."""
        self._index, self._dialect = index, index.dialect
        begins, self._may_end = _field_borders(index)
        quotes = index.quotes
        self._is_first = np.ones_like(quotes, np.bool_)  # of its move
        if self._dialect.doubles:
            self._is_first = np.diff(quotes, prepend=-2) != 1
        firsts = np.flatnonzero(self._is_first)
        self._opens = begins[quotes[firsts]]
        self._toggles, lead_out, self._lead_in = self._moves(firsts)
        self._leads = lead_out | self._lead_in
        lines = index.ends.searchsorted(quotes[firsts])
        self._line_firsts = lines.searchsorted(lines)  # the first move of the line of each move

    def read(self, *, inside: bool) -> Reading:
        """Return what stands in each line if it begins inside quotes, or outside."""
        index, toggles = self._index, self._toggling_quotes(begin=inside)
        in_quotes = self._in_quotes(toggles, begin=inside)
        return Reading(
            toggles=toggles,
            strays=self._strays(toggles, in_quotes[toggles]),
            delimiters=index.delimiters[~in_quotes[index.delimiters]],
            open_ends=in_quotes[index.ends],
        )

    def _moves(self, firsts: Places) -> tuple[Mask, Mask, Mask]:
        """Return which moves toggle, lead outside and lead inside."""
        opens, quotes = self._opens, self._index.quotes
        nothing = np.zeros_like(opens)
        if self._dialect.doubles:
            odd = np.diff(firsts, append=len(quotes)) % 2 == 1
            return odd & opens, odd & ~opens, nothing
        if self._dialect.escape:
            return opens, ~opens, nothing
        closes = self._may_end[quotes + 1]
        return opens & closes, closes & ~opens, opens & ~closes

    def _toggling_quotes(self, *, begin: bool) -> Places:
        """Return the quotes that open and close fields if every line begins so."""
        after = self._inside(begin=begin)
        before = np.concatenate(([begin], after[:-1]))[: len(after)]
        before[self._line_firsts] = begin
        if self._dialect.doubles:
            # All of a run inside a field or at its beginning: those of a pair close and open it.
            is_toggle = (before | self._opens)[np.cumsum(self._is_first) - 1]
        else:
            is_toggle = before != after
        toggles: Places = self._index.quotes[is_toggle]
        return toggles

    def _inside(self, *, begin: bool) -> Mask:
        """Tell for each move whether it ends inside a quoted field, if every line begins so."""
        numbers, count, firsts = (
            np.arange(len(self._toggles)),
            np.cumsum(self._toggles),
            self._line_firsts,
        )
        last_lead = np.maximum.accumulate(np.where(self._leads, numbers, -1))
        is_led = last_lead >= firsts  # else the last one that leads stands in a line before
        since = np.where(is_led, count[last_lead], count[firsts] - self._toggles[firsts])
        state = np.where(is_led, self._lead_in[last_lead], begin)
        mask: Mask = state ^ ((count - since) % 2 == 1)
        return mask

    def _in_quotes(self, toggles: Places, *, begin: bool) -> Mask:
        """Tell for each byte whether it is inside, by the toggles before it in its line."""
        ends = self._index.ends
        changes = np.zeros(len(self._index.text) + 1, np.bool_)
        changes[toggles + 1] = True
        in_line = np.diff(toggles.searchsorted(ends), prepend=0)
        changes[ends + 1] = in_line % 2 == 1  # back to what every line begins with
        changes[0] = begin
        mask: Mask = np.logical_xor.accumulate(changes)
        return mask

    def _strays(self, toggles: Places, is_closing: Mask) -> Places:
        closes = self._may_end[toggles + 1]
        if self._dialect.doubles:
            closes |= np.diff(toggles, append=-1) == 1  # the one behind it opens the field again
        return toggles[is_closing & ~closes]


def _field_borders(index: StructuralIndex) -> tuple[Mask, Mask]:
    """Tell for each place whether a field may begin there, and whether one may end before it."""
    size = len(index.text)
    begins, ends = np.zeros(size + 1, np.bool_), np.zeros(size + 1, np.bool_)
    begins[0] = True
    begins[index.delimiters + len(index.dialect.delimiter)] = True
    begins[index.ends + 1] = True
    begins[index.boms + len(BOM)] = True
    ends[index.delimiters] = True
    ends[index.ends] = True
    long = index.ends[(index.text[index.ends] == NEWLINE) & (index.ends > 0)]
    ends[long[index.marked[long - 1] == RETURN] - 1] = True
    return begins, ends
