"""Finding the arrays of a JSON text by the names that lead to them, without reading the rest."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache

from definitions.batches import Position
from definitions.errors import FormatError

CHUNK = 1 << 18
DEEPEST = 1000
LONGEST_NAME = 4 << 20
WHOLE = Position(byte=0, row=1, line=1)
REMARKS = (b"//", b"/*", b"#")
STRING = rb'"(?:[^"\\]++|\\["\\/bfnrtu])*+"'
TOKEN = re.compile(
    rb"""//[^\n]*+|\#[^\n]*+|/\*(?:[^*]|\*(?!/)){0,4096}+\*/"""
    rb"""|"(?:[^"\\]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+'|[\[\]{}]|:|,|[^\s"\[\]{}:,]++""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArray:
    """An array that is not inside another one; `begin` is behind its bracket.

    `path` are the names that lead to it. `opens_with` is the first byte in it that is no space:
    `{` where it holds objects, `]` where it is empty.
    """

    path: tuple[str, ...]
    begin: Position
    opens_with: bytes

    @property
    def where(self) -> str:
        """Return the path as people write it."""
        return ".".join(self.path)


def find_arrays(
    read: Callable[[int], bytes], heartbeat: Callable[[], None], begin: Position = WHOLE
) -> Generator[FoundArray, None, int]:
    """Yield the arrays of the JSON text that `read` brings, in order, as far as it is JSON.

    What comes first stands at `begin` of the file. Return what is behind the end of the object
    that holds them, 0 if that is not there.
    """
    path: list[str] = []  # the last name in each object that is open
    depth_in_array, name, found = 0, b"", None
    for token, byte, line in tokens(read, heartbeat, begin):
        if token.startswith(REMARKS):
            continue
        if found is not None:
            yield FoundArray(path=found[0], begin=found[1], opens_with=token[:1])
            found = None
        if depth_in_array:
            depth_in_array += (token in b"[{") - (token in b"]}")
        elif token == b"[":
            place = Position(byte=byte + 1, row=1, line=line)
            depth_in_array, found = 1, (tuple(path), place)
        elif token == b"{":
            path.append("")
        elif token == b"}" or len(path) > DEEPEST:
            if len(path) <= 1:
                return byte + 1
            path.pop()
        elif token == b":" and path:
            path[-1] = _name(name)
        name = token
    return 0


def find_list(text: bytes, where: str) -> tuple[int, bool]:
    """Return what is behind the bracket that opens the array at `where`, and True.

    Else what is behind the end of the object that `text` begins with, and False; 0 if that is not
    in the text either.
    """
    near = _near_list(where).match(text)
    if near is not None:
        return near.end(), True
    arrays = find_arrays(io.BytesIO(text).read, lambda: None)
    while True:
        try:
            array = next(arrays)
        except StopIteration as stopped:
            return stopped.value, False
        if array.where == where:
            return array.begin.byte, True


@lru_cache(maxsize=16)
def _near_list(where: str) -> re.Pattern[bytes]:
    """Return what ends behind the bracket of a list called so, with single values before it.

    That is much faster than looking at each token, where there are many short lists.
    """
    name = re.escape(json.dumps(where, ensure_ascii=False).encode())
    return re.compile(
        rb"\s*+\{(?:\s*+%b\s*+:\s*+(?:%b|[-+.\w]++)\s*+,)*+\s*+%b\s*+:\s*+\[(?=\s*+[\[\]{])"
        % (STRING, STRING, name)
    )


def _name(token: bytes) -> str:
    text = token.decode(errors="replace")
    try:
        return str(json.loads(text))
    except json.JSONDecodeError:
        return text.strip("'") if token[:1] != b'"' else ""


def tokens(
    read: Callable[[int], bytes], heartbeat: Callable[[], None], start: Position
) -> Iterator[tuple[bytes, int, int]]:
    """Yield strings, marks and words of the JSON text at `start`, with their places and lines."""
    rest, byte, line = b"", start.byte, start.line
    while data := read(CHUNK):
        heartbeat()
        buffer, at, counted = rest + data, 0, 0
        for found in TOKEN.finditer(buffer):
            begin, token = found.start(), found.group()
            may_go_on = found.end() == len(buffer) and token not in b"[]{}:,"
            if may_go_on or buffer.find(b'"', at, begin) >= 0:  # a string that has no end yet
                break
            line += buffer.count(b"\n", counted, begin)
            counted = begin
            yield token, byte + begin, line
            at = found.end()
        line += buffer.count(b"\n", counted, at)
        byte, rest = byte + at, buffer[at:]
        if len(rest) > LONGEST_NAME:
            msg = f"a text on line {line} is longer than {LONGEST_NAME} bytes before any record"
            raise FormatError(msg)
