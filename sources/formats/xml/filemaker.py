"""What FileMaker exports: the names of the columns once, then rows with values by their places.

`<METADATA><FIELD NAME="id"/>…</METADATA><RESULTSET><ROW><COL><DATA>1</DATA></COL>…`
"""

from __future__ import annotations

from collections.abc import Mapping

from sources.columns import unique_names
from sources.formats.xml.choice import Path, Seen

ROOT = ("FMPXMLRESULT",)
FIELDS, ROWS = (*ROOT, "METADATA"), (*ROOT, "RESULTSET", "ROW")


def filemaker_rows(seen: Mapping[Path, Seen]) -> tuple[Path, tuple[str, ...]] | None:
    """Return the path of the rows and the names of their columns, None for another document."""
    fields = seen.get(FIELDS)
    if fields is None or fields.children != len(fields.cells) or ROWS not in seen:
        return None
    return ROWS, unique_names(list(fields.names))
