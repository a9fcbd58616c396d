"""Lines that are written unlike the rows of their table, and still belong to it, or to nobody.

The names of the columns may have another delimiter than the rows, or lack the name of the first
column, and remarks may stand between rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.formats.csv.detection.kinds import is_name
from sources.formats.csv.detection.reading import Row

REMARK = "#"
DELIMITERS, SPACE = (",", ";", "\t", "|"), " "
QUOTES, QUOTED = "\"'", re.compile(r'"[^"]+"')
OF_TABLES_OF_R = frozenset({" ", "\t"})
NAMES_OF_KEYS = frozenset({"id", "key", "index", "no", "no.", "nr", "nr.", "number", "#"})
ENOUGH_ROWS = 2
ENOUGH_QUOTED = 2  # of names that spaces part


def delimiter_of_names(row: Row, width: int) -> str:
    """Return what parts `row`, which has a single cell, into `width` names; empty if nothing does.

    Names are words, or years behind words; none is empty, no two are the same. Between parts of
    sentences are spaces; these part names only if two of them or more are in quotes.
    """
    if len(row.cells) > 1 or width < 2:  # noqa: PLR2004
        return ""
    for mark in (*DELIMITERS, SPACE):
        fields = row.cells[0].split(mark)
        names = [name.strip(QUOTES) for name in fields]
        if mark == SPACE and sum(map(_is_quoted, fields)) < ENOUGH_QUOTED:
            continue
        are_names = all(map(is_name, names)) and not names[0].isdecimal()
        are_bare = all(name == name.strip() for name in names)
        if len(names) == len(set(names)) == width and are_names and are_bare:
            return mark
    return ""


def _is_quoted(field: str) -> bool:
    return QUOTED.fullmatch(field) is not None


def names_rows_first(rows: Sequence[Row], place: int, width: int, delimiter: str) -> bool:
    """Tell whether rows begin with their own name, for which the header has none.

    R writes tables so. The header is one name short, and the first cell differs in each row. That
    alone might be a header that lacks its last name. But names are in quotes as all texts are while
    numbers are not, or the delimiter is one that R uses and the header does not begin with a key.
    Where nothing is in the last column rows merely end with a delimiter.
    """
    header, body = rows[place], [row for row in rows[place + 1 :] if len(row.cells) == width]
    if len(header.cells) != width - 1 or width < 2 or len(body) < ENOUGH_ROWS:  # noqa: PLR2004
        return False
    if not any(row.cells[-1].strip() for row in body):
        return False
    firsts = [row.cells[0].strip() for row in body]
    if not all(firsts) or len(set(firsts)) < len(firsts) or not all(map(str.strip, header.cells)):
        return False
    if all(header.quoted) and all(row.quoted[0] for row in body):
        return any(not any(row.quoted[i] for row in body) for i in range(1, width))
    is_key = header.cells[0].strip().lower() in NAMES_OF_KEYS
    return delimiter in OF_TABLES_OF_R and not any(header.quoted) and not is_key


def has_empty_names(rows: Sequence[Row], place: int, width: int) -> bool:
    """Tell whether a header has as many names as rows have cells, and empty ones among them.

    Of several delimiters too many at its end that is so if most columns have names. No row has as
    many cells as the header. One that has would tell that others lack some at their end, and that
    a column has no name.
    """
    header, size = rows[place], len(rows[place].cells)
    others = (len(row.cells) for row in rows[place + 1 :])
    is_bare = size > width + 1 and not any(map(str.strip, header.cells[width:]))
    are_named = header.filled == width or (is_bare and header.filled * 2 > width)
    return width < size and are_named and not any(width < other <= size for other in others)


def are_bare_behind(header: Sequence[Row], width: int) -> bool:
    """Tell whether rows of a header have delimiters too many at their end, and nothing there."""
    longer = [row.cells[width:] for row in header if len(row.cells) > width]
    return longer != [] and not any(cell.strip() for cells in longer for cell in cells)


def told_of_names(rows: Sequence[Row], place: int, width: int) -> str:
    """Return what a person reads about a header with more or fewer names than rows have cells.

    Where the last cells are empty, rows may merely end with delimiters that the header has not.
    """
    names = rows[place].filled
    if names > width > 1:
        return (
            f"the header has {names} names, most rows have {width} fields; if the last ones are "
            "left out where they are empty, set 'malformed_rows' to 'pad'"
        )
    fitting = [row for row in rows[place + 1 :] if len(row.cells) == width]
    if not 1 < names == len(rows[place].cells) < width:
        return ""
    are_empty = not any(cell.strip() for row in fitting for cell in row.cells[names:])
    last = ", of which the last are empty" if are_empty else ""
    also = "; rows may also end with a delimiter too many" if are_empty else ""
    return (
        f"the header has {names} names for {width} columns{last}; if a delimiter is missing "
        f"between names, put it there: those behind it are above other columns{also}"
    )


def without_last(rows: Sequence[Row], count: int) -> Sequence[Row]:
    """Return the rows before the last ones that are not blank, which are the footer if given."""
    filled = [place for place, row in enumerate(rows) if not row.is_blank]
    return rows[: filled[-count]] if 0 < count <= len(filled) else rows


def count_remarks(rows: Sequence[Row], header: int, width: int) -> int:
    """Return how many of `rows` are remarks, 0 if rows of the table begin like one.

    The table has its header at the place `header`. A remark has another number of cells.
    """
    others = [row for place, row in enumerate(rows) if place != header]
    marked = [row for row in others if row.cells[0].startswith(REMARK) and not row.quoted[0]]
    if width < 2 or any(len(row.cells) == width for row in marked):  # noqa: PLR2004
        return 0
    return len(marked)
