"""Excel workbooks: the rows of one sheet.

`archive` opens the file under a bomb guard, `workbook` reads what the sheets share, `sheet` reads
rows, `values` makes text of cells.
"""

from sources.formats.xlsx.archive import is_workbook
from sources.formats.xlsx.reader import XlsxFormat

__all__ = ["XlsxFormat", "is_workbook"]
