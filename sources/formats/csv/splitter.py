"""Cutting delimited UTF-8 text into rows, a block of bytes at a time, without a loop over rows.

**The idea.** A line end closes a row exactly if an even number of quotes that open or close a
field stands before it. So the rows of a whole block are found with a few array operations: the
places of all quotes and line ends, and a count of the former before each of the latter. In most
text all quotes open and close in turn, which is quickly seen; otherwise what each of them does is
found out, also without a loop.

**The way of the bytes** through the modules:

```
file ── feed ──> buffer ── marks ──> Marks ── cuts (quoting) ──> Cuts ── checks ──> FoundRows
        bytes    bytes     where     quotes,  which rows there   begins  what is       │
        not yet  from a    marks     line     are in it          and     wrong         │
        taken    row on    stand     ends …                      ends    with which    │
                                                                                       │
frames <── texts of good rows (writing), rows anew (repair, writing) <──┐              │
batch  <── numbers of good rows, lines on which they begin           <──┼── harvest <──┘
faults <── bad rows (problems, leftout)                              <──┘     Block
```

`split` (here) makes blocks of the file; `walk` finds the rows of one buffer, and says in which way;
`harvest` gathers those of a block. Small examples: `SMALL` in the test of this module.

**What is a row.** Lines without any character are none, except in files with a single column, where
they are an empty cell; neither are remarks, the mark that ends a file of DOS, and what databases
draw between rows and write below them (`checks`). Rows that fail a check become faults and are left
out, or are repaired if that is wanted; their neighbours stay. A row that is *torn* (text behind a
closing quote makes its end a guess) or *unclosed* (a quote is never closed) loses its first line
only, and the next line begins a row (`cuts`).

**Rows without an end** come from a quote that is never closed or a line that never ends. Only
`Shape.max_record` bytes of one are looked at: then, or at the end of the file, its first line alone
is reported. The rest of a line longer than that is dropped unseen, and so is that of a row if its
lines are the text of a field and no rows (`long_fields`).

**Where a block ends** depends only on where it starts, so that reading on from the end of any block
gives the blocks that would have followed. It starts at a row border and has a fixed size, doubled
as long as no row ends in it; what is left behind its last row opens the next block. It ends earlier
at the last of a fixed number of faults; the rows behind it are not looked at again, but become
blocks too where they have as many. No byte is looked at more than a few times, whatever is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from definitions.batches import Position
from sources.formats.csv.feed import Feed
from sources.formats.csv.harvest import Block
from sources.formats.csv.record import Shape
from sources.formats.csv.walk import Walk

BLOCK_SIZE = 1 << 20  # small enough to stay in the processor's cache
MANY_FAULTS = 10_000  # of one block
MOST_GROWTH = 5


def split(
    read: Callable[[int], bytes],
    shape: Shape,
    begin: Position,
    block_size: int = BLOCK_SIZE,
    most_faults: int = MANY_FAULTS,
) -> Iterator[Block]:
    """Yield the rows that `read` brings, which are the file's from `begin` on.

    `read` brings fewer bytes than it is asked for only at the end of the file.
    A block ends at the last of `most_faults`, or a few times so many if it had to grow.
    """
    feed, end = Feed(read, shape.dialect, begin.byte), begin
    while walk := _first_walk(feed, shape, end, block_size, most_faults):
        is_block = True
        while is_block:
            end = _drop_taken(feed, walk, block_size)
            yield walk.block(end)
            is_block = walk.reach <= block_size and walk.run_on(most_faults)


def _first_walk(
    feed: Feed, shape: Shape, begin: Position, block_size: int, most_faults: int
) -> Walk | None:
    """Walk over the next bytes, so many that at least one row is taken; None if there are none."""
    size, examined = block_size, 0
    while buffer := feed.peek(size):
        walk = Walk(buffer, shape, begin, final=feed.is_last(buffer))
        # A large buffer may have more faults: so less of it has to be looked at again.
        walk.run(most_faults * min(size // block_size, MOST_GROWTH))
        walk.examined += examined
        if walk.at or walk.tail:
            return walk
        size, examined = min(2 * size, shape.longest + block_size), walk.examined
    return None


def _drop_taken(feed: Feed, walk: Walk, block_size: int) -> Position:
    """Drop the block that was taken, with the tail of its last row, and return where that ends."""
    feed.drop(walk.taken)
    lines = feed.drop_tail(walk.tail, block_size) if walk.tail else 0
    return Position(byte=feed.offset, row=walk.row, line=walk.line + lines)
