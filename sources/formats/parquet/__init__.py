"""Parquet: typed columns, read a window of rows at a time and told as text.

`cells` says what a value of each type is as text, `reader` makes batches.
"""

from sources.formats.parquet.reader import ParquetFormat

__all__ = ["ParquetFormat"]
