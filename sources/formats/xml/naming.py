"""Records whose elements say in an attribute what they are, as dumps of databases write them.

`<row><field name="id">1</field><field name="city">Brno</field></row>` has the cells `id` and
`city`. It is taken so where every element of every record has that attribute, and the records have
the names in common; else elements that only repeat are a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sources.formats.xml.cells import Node

NAME = "name"  # in any case
SHARED = 0.5  # of the names, so many must be those of several records


def naming_attribute(attributes: Iterable[str]) -> str | None:
    """Return the attribute that may name an element, as it is written."""
    return next((each for each in attributes if each.lower() == NAME), None)


def naming_of(records: Sequence[Node]) -> str | None:
    """Return the attribute that names the elements of these records, if they are told so."""
    children = [child for record in records for child in record.children]
    attribute = naming_attribute(children[0].attributes) if children else None
    if attribute is None or len(children) <= 1 or any(record.text for record in records):
        return None
    if not all(attribute in child.attributes for child in children):
        return None
    holds = any(child.text or child.children for child in children)
    return attribute if holds and _are_shared(records, attribute) else None


def _are_shared(records: Sequence[Node], attribute: str) -> bool:
    """Tell whether the names are those of columns: known from other records, if there are any."""
    names = [{child.attributes[attribute] for child in record.children} for record in records]
    counts = Counter(name for each in names for name in each)
    shared = sum(count for count in counts.values() if count > 1)
    return len(records) == 1 or shared >= SHARED * counts.total()
