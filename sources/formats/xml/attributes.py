"""Which attributes of an element are data: not those that say where names or a schema come from.

Namespaces, and what a schema says of an instance (`xsi:nil`, `xsi:schemaLocation`), are about the
document. So is `xsi:type`, where it names a type of the schema language itself (`xsd:int`).
"""

from __future__ import annotations

from sources.markup import local_name

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
DECLARES, TYPE = "xmlns", "type"
SAID = frozenset({"nil", "schemaLocation", "noNamespaceSchemaLocation"})


class Attributes:
    """Tells them by prefixes: the usual ones, and those that the document declares."""

    def __init__(self) -> None:
        self._prefixes = {INSTANCE: {"xsi"}, SCHEMA: {"xs", "xsd"}}

    def data_of(self, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that are data, without prefixes, and heed what the others declare.

        Every element of the document comes here, in order.
        """
        if not any(":" in name for name in attributes):
            attributes.pop(DECLARES, None)
            return attributes
        for name, text in attributes.items():
            if text in self._prefixes and name.startswith(f"{DECLARES}:"):
                self._prefixes[text].add(local_name(name))
        return {
            local_name(name): text for name, text in attributes.items() if self._is_data(name, text)
        }

    def _is_data(self, name: str, text: str) -> bool:
        prefix, _, own = name.rpartition(":")
        if DECLARES in {prefix, name}:
            return False
        if prefix not in self._prefixes[INSTANCE]:
            return True
        is_plain = own == TYPE and text.partition(":")[0] in self._prefixes[SCHEMA]
        return own not in SAID and not is_plain
