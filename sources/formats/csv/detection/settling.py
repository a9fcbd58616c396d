"""Finding out how a text is written, with CRs that are content where it turns out that they are."""

from __future__ import annotations

from dataclasses import replace

from definitions.model import FileFormat, RecordEnd
from sources.formats.csv.detection.delimiters import beginning
from sources.formats.csv.detection.detected import Detection
from sources.formats.csv.detection.detecting import find_dialect
from sources.formats.csv.detection.line_ends import find_line_end, with_returns_as_content
from sources.formats.csv.detection.reading import Marks
from sources.formats.csv.detection.scoring import whole_rows

ENOUGH_ROWS, NEARLY_ALL = 3, 0.9


def detect(
    sample: bytes, layout: FileFormat, wanted: frozenset[str], *, complete: bool
) -> Detection:
    """Return how the UTF-8 text is written that begins with `sample`.

    What `layout` says is taken as it is and helps to find out the rest. `wanted` are column names
    that somebody looks for. `complete` tells that the sample is the whole text.

    Where LF or CRLF end its records, as said or found, a lone CR is none of the line ends that
    part its rows, lines before them and notes: so all is looked at once more without these. They
    are found to do so, too, if the first row is as wide as nearly all others only then.
    """
    text = with_returns_as_content(sample, layout.record_end)
    found = find_dialect(text, layout, wanted, complete=complete)
    end, told = found.dialect.record_end, found.evidence["record_end"]
    if layout.record_end is None and end is RecordEnd.ANY and not _fits(text, found, complete):
        end = find_line_end(text)
        told = f"{end.value}{told.removeprefix(RecordEnd.ANY)}; rows fit if a lone '\\r' is content"
    bare = with_returns_as_content(text, end)
    if bare == text:
        return found
    settled = find_dialect(bare, replace(layout, record_end=end), wanted, complete=complete)
    if end is not found.dialect.record_end and not _fits(bare, settled, complete):
        return found
    return replace(settled, evidence={**settled.evidence, "record_end": told})


def _fits(text: bytes, found: Detection, complete: bool) -> bool:  # noqa: FBT001 - as of `detect`
    """Tell whether the first row of a text, and nearly all others, have as many fields."""
    dialect = found.dialect
    marks = Marks(
        delimiter=dialect.delimiter.decode(),
        quote=dialect.quote.decode() if dialect.quote else None,
    )
    head, cut = beginning(text, complete=complete)
    widths = [len(row.cells) for row in whole_rows(head, marks, cut=cut) if not row.is_blank]
    fitting = widths.count(found.width)
    is_table = found.width > 1 and fitting >= max(ENOUGH_ROWS, NEARLY_ALL * len(widths))
    return is_table and widths[0] == found.width
