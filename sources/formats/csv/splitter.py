"""Cutting delimited UTF-8 text into rows, a block of bytes at a time, with array operations.

**The idea.** A line end closes a row exactly if an even number of quotes that open or close a
field stands before it. So the rows of a whole block are found with a few array operations: the
places of all quotes and line ends, and a count of the former before each of the latter. In most
text all quotes open and close in turn, which is quickly seen; otherwise what each of them does is
found out, also without a loop, and rows are followed from one to the next: the only loop there is.

**An example** with two columns, `n` and `x`:

```
bytes    1,a⏎2,"b⏎c"⏎3⏎
index     d e dq e qe e     delimiters, quotes, and the line ends that may close a row
quotes      0    1  2 2     so many before each line end: an even number does
rows     ├──┤├──────┤├┤
number   1   2       3
line     1   2       4
fields   2   2       1      one too few
block    text   1,a⏎2,"b⏎c"⏎
         rows   1, 2
         lines  1, 2
         fault  row 3, line 4: expected 2 fields, found 1
batch    n  x
         1  a
         2  b⏎c
```

**The way of the bytes** through the modules:

```
feed             the bytes that are not taken yet, a buffer of them at a time
  │ buffer
row_finder       finds the rows of a buffer, some at a time, in five steps:
  │   structural_index   where quotes, delimiters and line ends stand      StructuralIndex
  │   turns              up to where quotes can be counted
  │   cuts               where rows begin and end: by counting, or by what
  │                      each quote does (quoting)                         Cuts
  │   checks             which of these are rows, what is wrong with which Checks
  │   found              all of that, and the rows' numbers                FoundRows
  │ FoundRows
block_builder    good rows as text (writing), anew where needed (repair);
  │              bad ones as faults (problems, lazy_faults)
  │ Block
batching         the texts of some blocks as one frame (frames), their
  │              numbers, lines and faults
  ▼ Batch
```

`split` (here) makes blocks of the file; `row_finder` explains how rows are found. The test of this
module shows all that is said here on small texts, in the same order.

**What is no row** (`checks`), and has no number:

- a blank line; with a single column it is a row, an empty cell;
- with several columns, a malformed line of nothing but spaces or tabs;
- a remark: where the definition gives the mark that begins one, every line that begins so; where
  the mark was found, only a malformed one, and only with several columns;
- a line that holds nothing but `END_MARK`, with which DOS ends a file;
- where `Dialect` expects them: lines drawn between rows, and row counts that databases write.

**What is a malformed row.** It becomes a fault and is left out, or is repaired if that is wanted;
its neighbours stay. Two kinds lose only their first line, and the next line begins a row (`cuts`):

- a *torn* row has several lines and text behind a closing quote, and it has a wrong number of
  fields or swallowed a good row: so where it ends is a guess, and a bad one;
- an *unclosed* row did not end within `RowTerms.max_row_bytes`, or not before the end of the file.

Of a line longer than that the rest is skipped, only its lines counted; and so is the rest of a row
whose lines are the text of a field and no rows (`long_fields`), which is one fault as a whole.

**Where a block ends** depends only on where it starts, so that reading on from the end of any block
gives the blocks that would have followed. It starts at a row border and has a fixed size, doubled
as long as no row ends in it; what is left behind its last row opens the next block. It ends earlier
at the last of a fixed number of faults. The rows behind that fault become further blocks, without
being read again, only while each of these has as many faults, and only if the buffer did not grow;
otherwise they are read again. No byte is looked at more than a few times, whatever is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from definitions.batches import Position
from sources.formats.csv.block_builder import Block
from sources.formats.csv.feed import Feed
from sources.formats.csv.row_finder import RowFinder
from sources.formats.csv.row_terms import RowTerms
from sources.gathering import MOST_FAULTS

BLOCK_SIZE = 1 << 20  # small enough to stay in the processor's cache
MOST_FAULT_FACTOR = 5  # so many times as many faults may be in a block that grew


def split(
    read: Callable[[int], bytes],
    terms: RowTerms,
    begin: Position,
    block_size: int = BLOCK_SIZE,
    most_faults: int = MOST_FAULTS,
) -> Iterator[Block]:
    """Yield the text from `begin` on as blocks of consecutive rows, in file order.

    `begin` is a row border: where the data begins, or the `end` of a block. `read(n)` brings the
    next n bytes of UTF-8; fewer mean that the file has ended. `block_size` is in bytes.
    `most_faults` are those of one block, and up to `MOST_FAULT_FACTOR` times as many in one that
    grew. Raise what `read` raises.
    """
    feed, end = Feed(read, terms.dialect, begin.byte), begin
    while finder := _next_finder(feed, terms, end, block_size, most_faults):
        is_block = True
        while is_block:
            end = _advance(feed, finder, block_size)
            yield finder.block(end)
            has_not_grown = finder.size <= block_size
            is_block = has_not_grown and finder.gather_another(most_faults)


def _next_finder(
    feed: Feed, terms: RowTerms, begin: Position, block_size: int, most_faults: int
) -> RowFinder | None:
    """Find rows in the next bytes, so many that at least one is taken; None if there are none."""
    size, examined = block_size, 0
    while buffer := feed.peek(size):
        finder = RowFinder(buffer, terms, begin, final=feed.is_last(buffer))
        # A large buffer may have more faults: so less of it has to be looked at again.
        finder.gather(most_faults * min(size // block_size, MOST_FAULT_FACTOR))
        finder.examined += examined
        if finder.at or finder.tail:
            return finder
        size, examined = min(2 * size, terms.longest + block_size), finder.examined
    return None


def _advance(feed: Feed, finder: RowFinder, block_size: int) -> Position:
    """Drop the block that was taken, with the tail of its last row; return where the next begins.

    Of the tail only the lines are counted.
    """
    feed.drop(finder.taken)
    lines = feed.drop_tail(finder.tail, block_size) if finder.tail else 0
    return Position(byte=feed.offset, row=finder.row, line=finder.line + lines)
