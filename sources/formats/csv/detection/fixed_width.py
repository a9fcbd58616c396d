"""Tables whose columns begin at the same place in each line, without any mark between them."""

from __future__ import annotations

from itertools import pairwise

from sources.formats.csv.detection.reading import LINE_END

MOST_LINES, ENOUGH_LINES = 50, 5
LONGEST_LINE = 2_000
GAP = 2  # characters


def places_of_columns(text: str) -> tuple[int, ...]:
    """Return at which characters, from 1, columns begin behind gaps in all lines, if any do."""
    lines = [line for line in LINE_END.split(text)[:MOST_LINES] if line.strip()]
    longest = max(map(len, lines), default=0)
    if len(lines) < ENOUGH_LINES or longest > LONGEST_LINE:
        return ()
    filled = [-1 - GAP]  # before the first character
    filled += [i for i in range(longest) if any(line[i : i + 1].strip() for line in lines)]
    begins = tuple(i + 1 for before, i in pairwise(filled) if i - before > GAP)
    return begins if len(begins) > 1 else ()


def told_of_fixed_width(text: str, width: int, delimiter: str) -> dict[str, str]:
    """Return what a person reads where a text without delimiters looks like a table of several."""
    places = places_of_columns(text) if width == 1 or not delimiter.strip(" ") else ()
    if not places:
        return {}
    shown = ", ".join(map(str, places))
    why = f"columns seem to begin at the characters {shown} of each line"
    return {"fixed_width": f"{why}; it is not cut there, put delimiters between them"}
