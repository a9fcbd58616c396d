"""A line that says which fields rows have: `#Fields:` of web servers (W3C), `#fields` of Zeek."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.formats.csv.detection.header import MOST_BEFORE, Beginning
from sources.formats.csv.detection.reading import Row

NAMES = re.compile(r"^#fields:?[ \t]([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
MARKED = re.compile(r"^#[^\r\n]*+(?:\r\n|\r|\n|\Z)", re.MULTILINE)
WORDS = frozenset({"#fields", "#fields:"})
WHERE = "a line says which fields there are"


def without_directives(text: str) -> tuple[str, int]:
    """Return `text` without its lines with `#`, and how many fields one of these names.

    Return nothing and 0 if none does.
    """
    found = NAMES.search(text)
    return (MARKED.sub("", text), len(found.group(1).split())) if found else ("", 0)


def begin_at_directive(rows: Sequence[Row], width: int) -> Beginning | None:
    """Return the beginning at the line that names as many fields as rows have, if there is one.

    Between the names may be spaces where other marks part the fields of rows.
    """
    for place, row in enumerate(rows[:MOST_BEFORE]):
        if row.cells[0].split(" ")[0].lower() not in WORDS:
            continue
        spaced = len(row.cells) == 1 < width
        names = row.cells[0].split() if spaced else row.cells
        if len(names) == width + 1:
            return Beginning(
                place=place,
                line=row.line,
                header_rows=1,
                where=WHERE,
                why=WHERE,
                delimiter=" " if spaced else "",
            )
    return None
