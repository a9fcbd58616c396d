"""Which element of a document is a row: the one that is named, or that repeats near the root."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sources.formats.xml.attributes import Attributes
from sources.formats.xml.naming import naming_attribute
from sources.markup import local_name

DEEPEST = 100
MOST_PATHS = 20_000
MOST_WORDS = 60
LINK, LIGHT = "href", 0.1
ID, REFERENCE = "id", "#"  # of an element, and what texts that refer to it begin with
SHARES = 2  # elements that have each name, on the average, where these are the names of columns
DESCRIPTIONS = frozenset({"schema", "metadata", "table_structure"})  # around what columns are
Path: TypeAlias = tuple[str, ...]
IsRecord: TypeAlias = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """What tells records; the path of one of them, as far as it is known.

    `nests`: they are known to hold elements of their own name. `names` are those of what is in each
    of them, by its place.
    """

    is_record: IsRecord
    path: Path
    nests: bool = False
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of their element, without prefix; empty where there are none."""
        return self.path[-1] if self.path else ""


@dataclass(slots=True)
class Seen:
    """What was seen of the elements with one path."""

    count: int = 0
    has_text: bool = False
    attributes: set[str] = field(default_factory=set)
    inside: dict[str, None] = field(default_factory=dict)
    children: int = 0
    names: dict[str, None] = field(default_factory=dict)  # elements inside have by an attribute
    has_nameless: bool = False
    ids: set[str] = field(default_factory=set)

    @property
    def is_structured(self) -> bool:
        """Tell whether there is more in them than text."""
        return bool(self.attributes or self.inside)

    @property
    def cells(self) -> set[str]:
        """Return the names of cells, where an attribute tells all elements inside apart."""
        return set() if self.has_nameless else set(self.names)

    @property
    def is_row(self) -> bool:
        """Tell whether names tell apart what is inside, most of them those of others too."""
        return bool(self.cells) and SHARES * len(self.cells) <= self.children

    def take_child(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element inside."""
        self.inside[name] = None
        self.children += 1
        attribute = naming_attribute(attributes)
        if attribute is None:
            self.has_nameless = True
        else:
            self.names[attributes[attribute]] = None


class Outline:
    """The paths of the elements in the beginning of a document, by their tags with prefixes.

    What lies deeper than `DEEPEST`, or has a path of its own after `MOST_PATHS` others, is left
    out: so it stays small whatever the document is.
    """

    def __init__(self) -> None:
        self.seen: dict[Path, Seen] = {}
        self.words = ""
        self.referred: set[str] = set()  # ids that texts refer to
        self._path: Path = ()
        self._left_out = 0  # elements that are open and not in the path
        self._attributes = Attributes()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        data = self._attributes.data_of(attributes)
        path = (*self._path, self._attributes.namespaces.tag_of(name))
        is_known = path in self.seen
        if self._left_out or not (is_known or self._has_room(path)):
            self._left_out += 1
            return
        parent = self.seen.get(self._path)
        if parent is not None:
            parent.take_child(path[-1], data)
        self._path = path
        seen = self.seen.setdefault(path, Seen())
        seen.count += 1
        seen.attributes.update(data)
        seen.ids.update(value for key, value in data.items() if key == ID)

    def text(self, text: str) -> None:
        """Take text of the element that is open."""
        if not text.isspace() and not self._left_out and self._path in self.seen:
            self.seen[self._path].has_text = True
            if text.startswith(REFERENCE):
                self.referred.add(text[1:].strip())
        self.words = self.words or text.strip()[:MOST_WORDS]

    def end(self, _: str) -> None:
        """Take the end of an element."""
        if self._left_out:
            self._left_out -= 1
        else:
            self._path = self._path[:-1]

    def _has_room(self, path: Path) -> bool:
        return len(path) <= DEEPEST and len(self.seen) < MOST_PATHS


def local_path(path: Path) -> Path:
    """Return the path by names without prefixes."""
    return tuple(map(local_name, path))


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

    Where the choice by shape has none of the wanted names, as in a feed of one item, it is the
    element nearest to the root that has most of them.
    """
    found = _choose_by_shape(outline, wanted)
    if found is None or not wanted or _hits(outline.seen, [found], wanted)[found]:
        return found
    structured = [path for path, what in outline.seen.items() if what.is_structured]
    hits = _hits(outline.seen, structured, wanted)
    best = max(structured, key=lambda path: (hits[path], -len(path)), default=found)
    return best if hits.get(best) else found


def _choose_by_shape(outline: Outline, wanted: frozenset[str]) -> Path | None:
    """Return the path of the records; None if there are none, as in an empty list.

    They are the elements that repeat and have more in them than text, but are not inside of others
    that repeat; of several kinds those in which most of the wanted names are, then those that fill
    most cells, of which links, descriptions of columns and what others refer to count a tenth: a
    feed may have more of them than entries. Where they hold nothing but elements of one kind, as
    groups do, these are meant.
    If nothing repeats there is one record: the first element that holds several others.
    """
    seen = outline.seen
    root = next(iter(seen))
    if not seen[root].inside:
        return root if seen[root].count > 1 and seen[root].attributes else None
    if _are_records(seen, root):
        return root
    repeated = [path for path in _repeated(seen, root) if seen[path].is_structured]
    single = _single(seen, root)
    if not repeated:
        inside = [(*single, name) for name in seen[single].inside]
        is_plain_list = len(inside) == 1 and seen[inside[0]].count > 1
        return inside[0] if is_plain_list else single
    hits = _hits(seen, {*repeated, single}, wanted)
    cells = _filled_cells(seen, repeated)
    best = max(repeated, key=lambda path: (hits[path], _weight(outline, path, cells[path])))
    return single if hits[single] > hits[best] else _inside_groups(seen, best, wanted)


def _are_records(seen: dict[Path, Seen], root: Path) -> bool:
    """Tell whether documents that stand one behind the other are records themselves.

    Each holds several things, and none that has more than text in it more often than once.
    """
    document = seen[root]
    inside = [seen.get((*root, name), Seen()) for name in document.inside]
    is_full = len(inside) > 1 or (document.attributes and not inside[0].is_structured)
    return bool(document.count > 1 and is_full) and all(
        what.count <= document.count
        for path, what in seen.items()
        if what.is_structured and path[:1] == root
    )


def _weight(outline: Outline, path: Path, cells: int) -> float:
    """Return how much the elements with one path, which fill so many `cells`, look like records.

    Empty ones with a link do little, and what describes the columns of others, or is referred to by
    them; those whose elements have names do by each of these.
    """
    element = outline.seen[path]
    is_link = LINK in element.attributes and not (element.inside or element.has_text)
    is_about = any(name.lower() in DESCRIPTIONS for name in local_path(path[:-1]))
    is_beside = is_link or is_about or not element.ids.isdisjoint(outline.referred)
    named = element.children if element.cells else 0
    return max(cells, named, element.count) * (LIGHT if is_beside else 1)


def _filled_cells(seen: dict[Path, Seen], paths: Collection[Path]) -> dict[Path, int]:
    """Return how many cells the elements with each of the paths fill, a list counting as one."""
    filled = dict.fromkeys(paths, 0)
    for other, what in seen.items():
        cells = len(what.attributes) + what.has_text
        for size in range(1, len(other) + 1):
            if cells and other[:size] in filled:
                filled[other[:size]] += cells * min(what.count, seen[other[:size]].count)
    return filled


def _inside_groups(seen: dict[Path, Seen], groups: Path, wanted: frozenset[str]) -> Path:
    """Return the path of the elements that `groups` hold, if these are nothing but groups.

    What they hold is more of the same, each with several elements in it, and no cells of a row.
    """
    path, best = groups, groups
    while not _has_more(seen[path]) and len(seen[path].inside) == 1:
        path = (*path, next(iter(seen[path].inside)))
        if path not in seen:
            break
        if len(seen[path].inside) > 1 and seen[path].count > seen[best].count:
            best = path
    hits = _hits(seen, {groups, best}, wanted)
    return best if hits[best] >= hits[groups] else groups


def _has_more(element: Seen) -> bool:
    """Tell whether elements hold more than others do that are but groups of these."""
    return bool(element.attributes or element.has_text or element.is_row)


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


def _hits(
    seen: dict[Path, Seen], paths: Collection[Path], wanted: frozenset[str]
) -> dict[Path, int]:
    """Return how many of the wanted names the cells of records with each of the paths would have.

    One look at every element is enough, as there may be as many kinds of records as elements.
    """
    names = {path: seen[path].cells & wanted for path in paths}
    for other, what in seen.items():
        for size in range(1, len(other) + 1):
            found = names.get(other[:size])
            if found is not None:
                for inner in {".".join(local_path(other[size:])), ".".join(other[size:])}:
                    dot = "." if inner else ""
                    found |= wanted & {inner, *(f"{inner}{dot}{name}" for name in what.attributes)}
    return {path: len(found) for path, found in names.items()}
