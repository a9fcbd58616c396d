"""Whether a row of words is one more row of a table whose columns hold nothing but words.

Names of columns are words too, so that much has to tell against them: a cell that most rows have,
one that begins as all others in its column do, or whole sentences above sentences; or two things
that rarely are in names, such as a number behind a word or a comma, or a word that comes again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.formats.csv.detection.reading import Row

ENOUGH_ROWS = 3
MANY_WORDS, QUESTION, ENDS_OF_NAMES = 8, "?", ("?", ":")
LONG_BEGINNING, BEGINNING_OF_CODES = 8, 4
WORD, LETTER = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[^\W\d_]")
MARK, DIGIT = re.compile(r"[^\w\s]|_"), re.compile(r"\d")
COUNTED = re.compile(r"[^\W\d_]\W{0,3}\s\W{0,3}\d\d")  # behind a word; `Address 2` is a name
MOST_OF, SOME_OF = 0.6, 0.2
ENOUGH_SIGNS = 2


def is_one_of_texts(row: Row, others: Sequence[Row], repeats: int) -> bool:
    """Tell whether `row` is like the `others`, which have as many cells each.

    `repeats` is how many of its words come again.
    """
    if len(others) < ENOUGH_ROWS:
        return False
    columns = zip(*(other.cells for other in others), strict=True)
    pairs = list(zip(row.cells, columns, strict=False))
    if any(_asks(cell, column) for cell, column in pairs):
        return False
    if any(_is_value(cell.strip(), [*map(str.strip, column)]) for cell, column in pairs):
        return True
    signs = repeats + sum(_is_written_alike(cell, column) for cell, column in pairs)
    gaps = sum(_is_missing(cell, column) for cell, column in pairs[1:])
    return signs > 0 and signs + gaps >= ENOUGH_SIGNS


def _asks(cell: str, column: Sequence[str]) -> bool:
    """Tell whether a cell is a question above others that mostly are none, as in a survey."""
    asked = sum(other.rstrip().endswith(QUESTION) for other in column)
    return cell.rstrip().endswith(QUESTION) and asked * 2 < len(column)


def _is_value(cell: str, column: Sequence[str]) -> bool:
    """Tell whether a cell is no name: most rows have it, or it is a text as most rows have."""
    filled = [other for other in column if other]
    if not cell or len(filled) < ENOUGH_ROWS:
        return False
    return (
        column.count(cell) * 2 >= len(column)
        or _begins_alike(cell, filled)
        or (_is_sentence(cell) and sum(map(_is_sentence, filled)) * 2 >= len(filled))
    )


def _begins_alike(cell: str, others: Sequence[str]) -> bool:
    """Tell whether a cell begins as all others do, which go on differently, and as it does."""
    beginning = _beginning_of(others)
    is_long = len(beginning) >= LONG_BEGINNING
    is_code = len(beginning) >= BEGINNING_OF_CODES and {len(cell)} == {*map(len, others)}
    if not (is_long or is_code) or not MARK.search(beginning) or len(set(others)) == 1:
        return False
    rests = [other[len(beginning) :] for other in others]
    rest = cell.removeprefix(beginning)
    is_numbered = not any(map(LETTER.search, rests)) and not DIGIT.search(rest)
    return cell.startswith(beginning) and rest != "" and not is_numbered


def _beginning_of(texts: Sequence[str]) -> str:
    """Return what all texts begin with: what the first and the last in their order do."""
    first, last = min(texts), max(texts)
    pairs = enumerate(zip(first, last, strict=False))
    return first[: next((i for i, (one, other) in pairs if one != other), len(first))]


def _is_sentence(cell: str) -> bool:
    """Tell whether a cell has many words, is no question and not what is left of columns."""
    is_name = cell.endswith(ENDS_OF_NAMES) or "  " in cell
    return not is_name and sum(map(bool, map(WORD.search, cell.split()))) >= MANY_WORDS


def _is_written_alike(cell: str, column: Sequence[str]) -> bool:
    """Tell whether a cell has a number behind a word, or a comma, as most of its column have."""
    return any(
        is_written(cell) and sum(map(bool, map(is_written, column))) >= MOST_OF * len(column)
        for is_written in (COUNTED.search, _is_list)
    )


def _is_list(cell: str) -> bool:
    """Tell whether a cell has a comma and a digit; `City, State` is a name."""
    return ", " in cell and DIGIT.search(cell) is not None


def _is_missing(cell: str, column: Sequence[str]) -> bool:
    """Tell whether a cell is empty where others are not."""
    return not cell.strip() and sum(map(bool, map(str.strip, column))) >= SOME_OF * len(column)
