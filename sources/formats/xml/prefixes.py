"""Elements whose names differ in nothing but the prefix of their namespace.

Prefixes are left out, so that `<g:id>` is `id`. But where `<title>` and `<itunes:title>` stand side
by side in one element, they are two columns: the second one keeps its prefix, in the whole file.
Prefixes that are declared for the same namespace are one, as some programs draw a new one for each
element.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sources.markup import local_name

MOST_ALIASES = 10_000  # a document may declare another prefix for every element


class Namespaces:
    """Knows which prefix was the first one for the namespace that another one is declared for."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}  # by namespace; empty for that of names without one
        self._aliases: dict[str, str] = {}

    def declare(self, prefix: str, namespace: str) -> None:
        """Heed that a prefix, or none, stands for a namespace from here on."""
        if len(self._aliases) + len(self._prefixes) > MOST_ALIASES:
            self._aliases.clear()
            self._prefixes.clear()
        first = self._prefixes.setdefault(namespace, prefix)
        if not prefix and first:
            self._prefixes[namespace] = ""
            self._aliases[first] = ""
        elif first != prefix:
            self._aliases[prefix] = first
        else:
            self._aliases.pop(prefix, None)

    def tag_of(self, tag: str) -> str:
        """Return the tag with the first prefix of its namespace."""
        if not self._aliases:
            return tag
        prefix, _, name = tag.rpartition(":")
        first = self._aliases.get(prefix, prefix)
        return f"{first}:{name}" if first else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixes:
    """What the beginning of the file showed of them.

    Where several tags of one name stand side by side, the one that has no prefix has the plain
    name, else the one that is in most elements, else the first one; `first` are those with prefixes
    that have it. `apart` are the others of them: they keep their prefix wherever they are.
    """

    first: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()

    def names_of(self, tags: Collection[str]) -> Mapping[str, str]:
        """Return what the elements with these tags, which stand side by side, are called."""
        names = {tag: tag if tag in self.apart else local_name(tag) for tag in tags}
        if len(set(names.values())) == len(names):
            return names
        first = _first_of(sorted(tags, key=lambda tag: tag not in self.first.values()))
        return {tag: name if first[local_name(tag)] == tag else tag for tag, name in names.items()}


def prefixes_of(families: Iterable[Collection[str]]) -> Prefixes:
    """Return what is to be known of prefixes, from the tags in each element of the beginning."""
    counts, together = Counter[str](), set[str]()
    for tags in families:
        counts.update(tags)
        names = Counter(map(local_name, tags))
        if len(names) < len(tags):
            together.update(tag for tag in tags if names[local_name(tag)] > 1)
    first = _first_of(sorted(counts, key=lambda tag: -counts[tag]))
    return Prefixes(
        first={name: tag for name, tag in first.items() if ":" in tag},
        apart=frozenset(together.difference(first.values())),
    )


def _first_of(tags: Iterable[str]) -> dict[str, str]:
    """Return for each name the tag that has no prefix, else the first one."""
    first: dict[str, str] = {}
    for tag in sorted(tags, key=lambda tag: ":" in tag):
        first.setdefault(local_name(tag), tag)
    return first
