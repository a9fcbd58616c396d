"""Which attributes of an element are data: not those that say where names or a schema come from.

Namespaces, and what a schema says of an instance (`xsi:nil`, `xsi:schemaLocation`), are about the
document. So is `xsi:type`, where it names a type of the schema language itself (`xsd:int`).
"""

from __future__ import annotations

from collections.abc import Container
from itertools import chain, count

from sources.formats.xml.prefixes import Namespaces
from sources.markup import local_name

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
DECLARES, TYPE = "xmlns", "type"
SAID = frozenset({"nil", "schemaLocation", "noNamespaceSchemaLocation"})


class Attributes:
    """Tells them by prefixes: the usual ones, and those that the document declares."""

    def __init__(self) -> None:
        self.namespaces = Namespaces()
        self._prefixes = {INSTANCE: {"xsi"}, SCHEMA: {"xs", "xsd"}}

    def data_of(self, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that are data, without prefixes, and heed what the others declare.

        Of two that are the same then, the one that has no prefix keeps the name, else the first.
        Every element of the document comes here, in order.
        """
        if not any(":" in name for name in attributes):
            if DECLARES in attributes:
                self.namespaces.declare("", attributes.pop(DECLARES))
            return attributes
        for name, text in attributes.items():
            prefix, _, own = name.rpartition(":")
            if DECLARES in {prefix, name}:
                self.namespaces.declare(own if prefix else "", text)
            if text in self._prefixes and name.startswith(f"{DECLARES}:"):
                self._prefixes[text].add(local_name(name))
        data = {name: text for name, text in attributes.items() if self._is_data(name, text)}
        taken = {name for name in data if ":" not in name}
        named = {}
        for name, text in data.items():
            own = name if name in taken else _free(local_name(name), taken)
            taken.add(own)
            named[own] = text
        return named

    def _is_data(self, name: str, text: str) -> bool:
        prefix, _, own = name.rpartition(":")
        if DECLARES in {prefix, name}:
            return False
        if prefix not in self._prefixes[INSTANCE]:
            return True
        is_plain = own == TYPE and text.partition(":")[0] in self._prefixes[SCHEMA]
        return own not in SAID and not is_plain


def _free(name: str, taken: Container[str]) -> str:
    """Return a name, with a number if it is taken."""
    numbered = (f"{name}_{number}" for number in count(2))
    return next(each for each in chain((name,), numbered) if each not in taken)
