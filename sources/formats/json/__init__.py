"""JSON: an array of objects, one object per line, or a single object.

`document` finds where the records are, `splitter` cuts them apart, `record` reads one.
"""

from sources.formats.json.reader import JsonFormat

__all__ = ["JsonFormat"]
