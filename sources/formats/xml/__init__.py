"""XML: the elements of one name are the rows.

`choice` finds out which element that is, `records` gathers them, `cells` flattens one.
"""

from sources.formats.xml.reader import XmlFormat

__all__ = ["XmlFormat"]
