"""Finding records that stand by key in an object: `{"17": {"name": "Jana"}, "18": {…}}`.

They are taken for such where all members of the object are objects that have most of their names
in common. What keys are is not certain where they look like names: a record may hold an address of
billing and one of shipping. Then there must be many.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field

from definitions.batches import Position
from sources.columns import unique_names
from sources.formats.json.arrays import REMARKS, tokens
from sources.formats.json.remarks import BEHIND

KEY = "key"
WORD = re.compile(rb'["\'][A-Za-z_]*+["\']')
DIGITS = re.compile(rb'"[0-9]*+"')
FEWEST, FEWEST_INSIDE, FEWEST_WORDS, MANY = 2, 3, 5, 50
NAMES_OF_ONE = frozenset(
    [
        b'"id"',
        b'"_id"',
        b'"name"',
        b'"title"',
        b'"sku"',
        b'"code"',
        b'"uuid"',
        b'"email"',
        b'"slug"',
    ]
)
COMMON_TO_WORDS = 2  # names: of those that stand by a word; one may be that of a type
MOST_ALIKE = 0.9
DEEPEST = 8
MARKS = frozenset([b"[", b"]", b"{", b"}", b":", b","])


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Where an object holds records by key; `begin` is behind its brace.

    `path` are the names that lead to it, `names` those that some of its records have.
    """

    path: tuple[str, ...]
    begin: Position
    names: frozenset[str]

    @property
    def key(self) -> str:
        """Return a name for the key that none of the names is."""
        return unique_names([*sorted(self.names), KEY])[-1]


@dataclass(slots=True)
class _Open:
    """An object that is open: its place, the names in it, and those of each object in it."""

    byte: int
    line: int
    names: list[bytes] = field(default_factory=list)
    inside: list[frozenset[bytes]] = field(default_factory=list)
    holds_others: bool = False
    around: tuple[_Open, ...] = ()


def find_members(sample: bytes, begin: Position, where: str | None = None) -> Members | None:
    """Return where records stand by key in the object that `sample` begins with, None if nowhere.

    Of several places it is the one nearest to the top, then the first one; or `where` people say.
    """
    found = [
        Members(
            path=tuple(map(_text, path)),
            begin=Position(byte=each.byte + 1, row=1, line=each.line),
            names=frozenset(_text(name) for names in each.inside for name in names),
        )
        for path, each in _objects(sample, begin)
        if (_are_records(each) if where is None else ".".join(map(_text, path)) == where)
    ]
    return min(found, key=lambda each: (len(each.path), each.begin.byte), default=None)


def _objects(sample: bytes, begin: Position) -> list[tuple[tuple[bytes, ...], _Open]]:
    """Return the objects that may hold records, with the names that lead to each.

    There are none where something else stands behind the outermost one.
    """
    found: list[tuple[tuple[bytes, ...], _Open]] = []
    stack: list[_Open] = []
    in_array, last = 0, b""
    for token, byte, line in tokens(io.BytesIO(sample).read, lambda: None, begin):
        if token.startswith(REMARKS):
            continue
        if in_array:
            in_array += (token in b"[{") - (token in b"]}")
        elif token == b"{":
            stack.append(_Open(byte, line))
        elif token == b"}" and stack:
            closed = stack.pop()
            _keep(found, stack, closed)
            if not stack:
                is_all = BEHIND.fullmatch(str(sample[byte + 1 - begin.byte :], "latin-1"))
                return found if is_all else []
            stack[-1].inside.append(frozenset(closed.names))
        elif token == b":" and stack:
            stack[-1].names.append(last)
        elif stack and (token == b"[" or (last == b":" and token not in MARKS)):
            in_array, stack[-1].holds_others = int(token == b"["), True
        last = token
    while stack:
        _keep(found, stack, stack.pop())
    return found


def _keep(found: list[tuple[tuple[bytes, ...], _Open]], around: list[_Open], each: _Open) -> None:
    if not each.inside or each.holds_others or len(around) > DEEPEST:
        return
    if all(outer.names for outer in around):  # else the text is broken
        each.around = tuple(around)
        found.append((tuple(outer.names[-1] for outer in around), each))


def _are_records(each: _Open) -> bool:
    """Tell whether the members of an object are records: many enough, and alike.

    Inside of an object that has a name or a number itself few of them are a part of that.
    """
    counts = Counter(name for names in each.inside for name in names)
    size = len(each.inside)
    common = {name for name, count in counts.items() if 2 * count > size}
    fewest = FEWEST_INSIDE if each.around else FEWEST
    if any(NAMES_OF_ONE.intersection(outer.names) for outer in each.around):
        fewest = MANY
    if any(WORD.fullmatch(name) for name in each.names):
        is_table = not each.around and len(common) >= COMMON_TO_WORDS
        fewest = FEWEST_WORDS if is_table else size + 1
    if size < fewest or not common or all(map(DIGITS.fullmatch, common)):
        return False
    alike = sum(2 * len(names & common) >= len(names) > 0 for names in each.inside)
    return alike >= MOST_ALIKE * size


def _text(name: bytes) -> str:
    text = name.decode(errors="replace")
    try:
        return str(json.loads(text))
    except json.JSONDecodeError:
        return text.strip("'\"")
