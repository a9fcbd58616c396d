"""Which element of a document is a row: the one that is named, or that repeats near the root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sources.markup import local_name

Path: TypeAlias = tuple[str, ...]
IsRecord: TypeAlias = Callable[[Sequence[str]], bool]


@dataclass(slots=True)
class Seen:
    """What was seen of the elements with one path."""

    count: int = 0
    attributes: set[str] = field(default_factory=set)
    inside: dict[str, None] = field(default_factory=dict)

    @property
    def is_structured(self) -> bool:
        """Tell whether there is more in them than text."""
        return bool(self.attributes or self.inside)


class Outline:
    """The paths of all elements in the beginning of a document."""

    def __init__(self) -> None:
        self.seen: dict[Path, Seen] = {}
        self._path: Path = ()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        parent = self.seen.get(self._path)
        if parent is not None:
            parent.inside[local_name(name)] = None
        self._path = (*self._path, local_name(name))
        seen = self.seen.setdefault(self._path, Seen())
        seen.count += 1
        seen.attributes.update(map(local_name, attributes))

    def end(self, _: str) -> None:
        """Take the end of an element."""
        self._path = self._path[:-1]


def is_named(records: str) -> IsRecord:
    """Return what tells records by a name (`item`), the end of a path (`a/item`) or all of it.

    A path that begins with a slash begins at the root.
    """
    names = records.strip("/").split("/")
    if records.startswith("/"):
        return lambda path: list(path) == names
    return lambda path: list(path[-len(names) :]) == names


def choose(outline: Outline, wanted: frozenset[str]) -> Path | None:
    """Return the path of the records; None if there are none, as in an empty list.

    They are the elements that repeat and have more in them than text, but are not inside of others
    that repeat; of several kinds those in which most of the wanted names are, then the most
    frequent. If nothing repeats there is one record: the first element that holds several others.
    """
    seen = outline.seen
    root = next(iter(seen))
    if not seen[root].inside:
        return None
    repeated = [path for path in _repeated(seen, root) if seen[path].is_structured]
    single = _single(seen, root)
    if not repeated:
        inside = [(*single, name) for name in seen[single].inside]
        is_plain_list = len(inside) == 1 and seen[inside[0]].count > 1
        return inside[0] if is_plain_list else single
    hits = {path: len(_names(seen, path) & wanted) for path in (*repeated, single)}
    best = max(repeated, key=lambda path: (hits[path], seen[path].count, -len(path)))
    return single if hits[single] > hits[best] else best


def _repeated(seen: dict[Path, Seen], root: Path) -> list[Path]:
    """Return the paths that repeat below elements that do not."""
    found, level = [], [root]
    while level:
        paths = [(*path, name) for path in level for name in seen[path].inside]
        found += [path for path in paths if seen[path].count > 1]
        level = [path for path in paths if seen[path].count == 1]
    return found


def _single(seen: dict[Path, Seen], root: Path) -> Path:
    """Return the first element from the root on that holds several kinds, or only text."""
    path = root
    while len(seen[path].inside) == 1:
        inner = (*path, next(iter(seen[path].inside)))
        if seen[inner].count > 1 or not seen[inner].is_structured:
            break
        path = inner
    return path


def _names(seen: dict[Path, Seen], path: Path) -> set[str]:
    """Return the names that the cells of records with this path would have."""
    names: set[str] = set()
    for other, what in seen.items():
        if other[: len(path)] == path:
            inner = ".".join(other[len(path) :])
            dot = "." if inner else ""
            names |= {inner} | {f"{inner}{dot}{attribute}" for attribute in what.attributes}
    return names
