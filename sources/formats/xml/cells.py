"""One record element as cells of text.

- An element inside is a cell of its dotted name: `<address><city>` is `address.city`.
- An attribute is a cell of its plain name (`address.kind`); where an element inside has that name
  too it is `@kind`, in every record if that was seen in the beginning of the file.
- The text of an element that has attributes or elements inside is a cell of the element's name.
- Text that goes on behind an element inside is prose, of which the whole counts, in its order:
  `<p>a <b>big</b> house</p>` is `a big house`; what is inside of it is cells all the same.
- Where an attribute tells what the elements of a record are (`naming`), they are called so.
- Elements that repeat are one cell with a JSON array, also where there is only one of them if they
  repeat in the beginning of the file.

Text is kept exactly; where there are only spaces there is none. Prefixes of names are left out,
but where nothing else tells elements apart (`prefixes`). Of cells that still get the same name, as
of `<a.b>` and `<a><b>`, the one that is nested least keeps it, in whatever order they stand; the
other one is called `a.b_2`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TypeAlias

import orjson

from sources.columns import unique_names
from sources.formats.xml.prefixes import Prefixes, prefixes_of
from sources.markup import local_name

ANY_NAME = "_"
_Groups: TypeAlias = Mapping[str, Sequence["Node"]]


@dataclass(slots=True)
class Node:
    """An element as it is read; `place` is how many pieces of the text around it stand before."""

    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    place: int = 0

    @property
    def name(self) -> str:
        """Return the tag without its prefix."""
        return local_name(self.tag)

    @property
    def text(self) -> str:
        """Return the text, empty if there are only spaces."""
        text = "".join(self.texts)
        return "" if text.isspace() else text

    @property
    def is_prose(self) -> bool:
        """Tell whether text goes on behind an element inside."""
        if not self.children or len(self.texts) <= self.children[0].place:
            return False
        return "".join(self.texts[self.children[0].place :]).strip() != ""

    @property
    def whole_text(self) -> str:
        """Return the text with that of the elements inside, in its order."""
        pieces, at = list[str](), 0
        for child in self.children:
            pieces += [*self.texts[at : child.place], child.whole_text]
            at = child.place
        return "".join([*pieces, *self.texts[at:]])

    def families(self) -> dict[str, list[Node]]:
        """Return the elements inside by their tags."""
        found: dict[str, list[Node]] = {}
        for child in self.children:
            found.setdefault(child.tag, []).append(child)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the beginning of the file showed.

    Cells that are lists, attributes that need the `@`, elements that keep their prefixes, and the
    attribute that says what the elements of a record are; or their names, in the order in which
    each record has them.
    """

    lists: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    prefixes: Prefixes = field(default_factory=Prefixes)
    naming: str | None = None
    names: tuple[str, ...] = ()

    def names_children_of(self, name: str) -> bool:
        """Tell whether what is in an element called `name`, without for a record, is called so."""
        return not name and bool(self.naming or self.names)


def shape_of(
    records: Iterable[Node], naming: str | None = None, names: Sequence[str] = ()
) -> Shape:
    """Return what is common to the records, whose elements the attribute `naming` or `names` name.

    Their elements are renamed.
    """
    shape = Shape(naming=naming, names=tuple(names))
    open_nodes = [("", _named(record, shape)) for record in records]
    shape = replace(shape, prefixes=prefixes_of(_families(open_nodes, shape)))
    lists: set[str] = set()
    marked: set[str] = set()
    while open_nodes:
        name, node = open_nodes.pop()
        groups = _groups(node, name, shape)
        marked.update(_inside(name, other) for other in node.attributes if other in groups)
        for other, children in groups.items():
            if len(children) > 1:
                lists.add(_inside(name, other))
            else:
                open_nodes.append((_inside(name, other), children[0]))
    return replace(shape, lists=frozenset(lists), marked=frozenset(marked))


def cells_of(record: Node, shape: Shape) -> dict[str, str]:
    """Return the cells of one record by name; naming its elements changes it."""
    record = _named(record, shape)
    cells: dict[str, str] = {}
    if _fill(record, "", shape, cells) == len(cells):
        return cells
    pairs = _Pairs()
    _fill(record, "", shape, pairs)
    return pairs.told_apart(list(_depths(record, "", shape, 0)))


def _named(record: Node, shape: Shape) -> Node:
    """Return the record with its elements called as the attribute says, which they lose.

    Or called by their places; then each holds its cell in an element of its own (`place.DATA`).
    """
    if shape.naming is not None:
        for child in record.children:
            child.tag = child.attributes.pop(shape.naming, child.name)
    for child, name in zip(record.children, shape.names, strict=False):
        child.tag = name
        if len(child.children) == 1:
            child.texts, child.children = child.children[0].texts, []
    return record


def _families(records: Iterable[tuple[str, Node]], shape: Shape) -> Iterator[Collection[str]]:
    """Yield the tags in each element of the records, but for those that `shape` names."""
    open_nodes = list(reversed(list(records)))
    while open_nodes:
        name, node = open_nodes.pop()
        families = node.families()
        if not shape.names_children_of(name):
            yield families.keys()
        open_nodes += [(ANY_NAME, child) for child in node.children]


def _groups(node: Node, name: str, shape: Shape) -> _Groups:
    """Return the elements inside of one that is called `name`, by their names."""
    families = node.families()
    if not any(":" in tag for tag in families) or shape.names_children_of(name):
        return families
    names = shape.prefixes.names_of(families)
    return {names[tag]: children for tag, children in families.items()}


class _Pairs(dict[str, str]):
    """Takes cells as a dictionary does, but keeps all that have the same name."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: list[tuple[str, str]] = []

    def __setitem__(self, name: str, text: str) -> None:
        self._taken.append((name, text))

    def told_apart(self, depths: Sequence[int]) -> dict[str, str]:
        """Return the cells, with `name_2` for a second `name`: that which is nested deeper."""
        order = sorted(range(len(self._taken)), key=lambda place: depths[place])
        unique = unique_names([self._taken[place][0] for place in order])
        names = dict(zip(order, unique, strict=True))
        return {names[place]: text for place, (_, text) in enumerate(self._taken)}


def _fill(
    node: Node, name: str, shape: Shape, cells: dict[str, str], *, in_prose: bool = False
) -> int:
    """Put the cells of an element into `cells`, and return how many they are.

    Of prose in prose only the text of its own is told: that of all is there already.
    """
    groups = _groups(node, name, shape)
    for attribute, value in node.attributes.items():
        plain = _inside(name, attribute)
        is_marked = attribute in groups or plain in shape.marked
        cells[_inside(name, f"@{attribute}") if is_marked else plain] = value
    count, text = len(node.attributes) + len(groups), node.text
    if text and not in_prose and node.is_prose:
        text, in_prose = node.whole_text, True
    if text or (name and not node.attributes and not groups):
        cells[name or node.name] = text
        count += 1
    for other, children in groups.items():
        inner = _inside(name, other)
        if len(children) > 1 or inner in shape.lists:
            cells[inner] = orjson.dumps(
                [_value(child, shape, in_prose=in_prose) for child in children]
            ).decode()
        else:
            count += _fill(children[0], inner, shape, cells, in_prose=in_prose) - 1
    return count


def _depths(node: Node, name: str, shape: Shape, depth: int) -> Iterator[int]:
    """Yield how deep each cell of an element is nested, in the order in which it is filled in."""
    groups = _groups(node, name, shape)
    yield from repeat(depth, len(node.attributes))
    if node.text or (name and not node.attributes and not groups):
        yield max(depth - 1, 0)
    for other, children in groups.items():
        inner = _inside(name, other)
        if len(children) > 1 or inner in shape.lists:
            yield depth
        else:
            yield from _depths(children[0], inner, shape, depth + 1)


def _inside(name: str, inner: str) -> str:
    return f"{name}.{inner}" if name else inner


def _value(node: Node, shape: Shape, *, in_prose: bool) -> object:
    """Return an element of a list as JSON: its text, or an object if there is more in it."""
    groups = _groups(node, ANY_NAME, shape)
    if not groups and not node.attributes:
        return node.text
    marks = {name: f"@{name}" if name in groups else name for name in node.attributes}
    value: dict[str, object] = {marks[name]: text for name, text in node.attributes.items()}
    text = node.text
    if text and not in_prose and node.is_prose:
        text, in_prose = node.whole_text, True
    if text:
        own = (node.name, *value, *groups)
        value[unique_names(own[1:] + own[:1])[-1]] = text
    for name, children in groups.items():
        values = [_value(child, shape, in_prose=in_prose) for child in children]
        value[name] = values if len(values) > 1 else values[0]
    return value
