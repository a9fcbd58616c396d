"""Finding out how a delimited file is written, from its beginning.

`detecting` puts together what the other modules find out one after the other, `settling` does so
once more where that tells what ends lines.
"""

from sources.formats.csv.detection.aligned import are_aligned
from sources.formats.csv.detection.delimiters import find_delimiter
from sources.formats.csv.detection.detecting import Detection, without_notes
from sources.formats.csv.detection.framed import are_framed
from sources.formats.csv.detection.indented import are_indented
from sources.formats.csv.detection.line_ends import find_line_end
from sources.formats.csv.detection.record_marks import find_record_mark
from sources.formats.csv.detection.round_quotes import find_round_quotes
from sources.formats.csv.detection.settling import detect
from sources.formats.csv.detection.spaced import delimiter_before_spaces
from sources.formats.csv.detection.wrapping import are_wrapped

__all__ = [
    "Detection",
    "are_aligned",
    "are_framed",
    "are_indented",
    "are_wrapped",
    "delimiter_before_spaces",
    "detect",
    "find_delimiter",
    "find_line_end",
    "find_record_mark",
    "find_round_quotes",
    "without_notes",
]
