"""Delimited text: comma, semicolon, tab or bar, with or without quotes.

`detection` finds the `Dialect` of a file, `splitter` cuts rows, `reader` makes batches.
"""

from sources.formats.csv.reader import CsvFormat

__all__ = ["CsvFormat"]
