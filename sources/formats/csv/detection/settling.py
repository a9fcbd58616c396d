"""Finding out how a text is written, with CRs that are content where it turns out that they are."""

from __future__ import annotations

from dataclasses import replace

from definitions.model import FileFormat
from sources.formats.csv.detection.detecting import Detection, find_dialect
from sources.formats.csv.detection.line_ends import with_returns_as_content


def detect(
    sample: bytes, layout: FileFormat, wanted: frozenset[str], *, complete: bool
) -> Detection:
    """Return how the UTF-8 text is written that begins with `sample`.

    What `layout` says is taken as it is and helps to find out the rest. `wanted` are column names
    that somebody looks for. `complete` tells that the sample is the whole text.

    Where LF or CRLF end its records, as said or found, a lone CR is none of the line ends that
    part its rows, lines before them and notes: so all is looked at once more without these.
    """
    text = with_returns_as_content(sample, layout.record_end)
    found = find_dialect(text, layout, wanted, complete=complete)
    end = found.dialect.record_end
    bare = with_returns_as_content(text, end)
    if bare == text:
        return found
    told = {"record_end": found.evidence["record_end"]}
    settled = find_dialect(bare, replace(layout, record_end=end), wanted, complete=complete)
    return replace(settled, evidence={**settled.evidence, **told})
