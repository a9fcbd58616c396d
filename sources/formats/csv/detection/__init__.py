"""Finding out how a delimited file is written, from its beginning.

`detecting` says what is asked, in which order, and which answer wins.
"""

from sources.formats.csv.detection.around import (
    told_of_changes,
    with_line_ends,
    without_what_is_around,
)
from sources.formats.csv.detection.detected import Detection
from sources.formats.csv.detection.detecting import without_notes
from sources.formats.csv.detection.settling import detect

__all__ = [
    "Detection",
    "detect",
    "told_of_changes",
    "with_line_ends",
    "without_notes",
    "without_what_is_around",
]
