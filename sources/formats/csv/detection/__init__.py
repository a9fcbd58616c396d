"""Finding out how a delimited file is written, from its beginning.

`detecting` puts together what the other modules find out one after the other.
"""

from sources.formats.csv.detection.delimiters import find_delimiter
from sources.formats.csv.detection.detecting import Detection, detect
from sources.formats.csv.detection.line_ends import find_line_end

__all__ = ["Detection", "detect", "find_delimiter", "find_line_end"]
