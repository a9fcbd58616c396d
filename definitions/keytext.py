"""Keys as text: ids, item ids and event types mean the same with white space around them."""

from __future__ import annotations

# Unicode's white space, which the column engine strips as well; Python alone would strip more
WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)


def trimmed(key: str) -> str:
    """Return a key without outer white space, as an import reads it from a cell."""
    return key.strip(WHITE_SPACE)
