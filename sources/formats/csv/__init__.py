"""Delimited text: comma, semicolon, tab or bar, with or without quotes.

`dialect` finds out how a file is written, `splitter` cuts it into records, `reader` makes batches.
"""

from sources.formats.csv.reader import CsvFormat

__all__ = ["CsvFormat"]
