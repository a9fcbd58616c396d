"""A record that breaks the rules of XML, read as well as can be: what is meant must be certain.

A `&` that begins no reference, a `<` that begins no tag, and references that only HTML knows
(`&nbsp;`) are text. Bytes that are no text and characters that XML forbids become U+FFFD. Tags that
do not fit together can be meant in several ways: they are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.formats.xml.cells import Node
from sources.formats.xml.choice import RecordKind
from sources.formats.xml.records import (
    UNKNOWN_CHARACTER,
    Found,
    Records,
    UnclosedRecordError,
)
from sources.formats.xml.references import KNOWN, as_text
from sources.markup import BrokenMarkupError, Markup, Told

LAST_CHARACTER = 0x10FFFF
BROKEN = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|(?P<sign><(?![A-Za-z_:/!?\x80-\xff]))"
    rb"|&(?:#(?P<code>[0-9]{1,7}|x[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)?)",
    re.DOTALL,
)
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SECTIONS = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"))


def mended_record(text: bytes, kind: RecordKind, inside: Sequence[str], name: str) -> Node | None:
    """Return the record that `text` begins with; None if it cannot be mended.

    `inside` are the tags of the elements around it.
    """
    end = max((found.end() for found in _end_of(kind.name).finditer(text)), default=0)
    record = text[:end]
    if any(record.count(begin) > record.count(close) for begin, close in SECTIONS):
        return None
    nodes: list[Node] = []
    problems: list[object] = []
    found = Found(record=lambda node, _: nodes.append(node), problem=lambda *_: problems.append(1))
    records = Records(kind, 1, found, name)
    records.begin_anew()  # inside of the elements around
    told = Told(begin=records.begin, end=records.end, text=records.text)
    try:
        Markup(told, name, inside=inside).take(_written_by_the_rules(record))
    except (BrokenMarkupError, UnclosedRecordError):
        return None
    return nodes[0] if len(nodes) == 1 and not problems else None


def _end_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"</(?:[^\s<>/&:]{1,100}:)?%b\s*+>" % re.escape(name.encode()))


def _written_by_the_rules(text: bytes) -> bytes:
    plain = FORBIDDEN.sub(UNKNOWN_CHARACTER, text.decode(errors="replace"))
    return BROKEN.sub(_as_text, plain.encode())


def _as_text(found: re.Match[bytes]) -> bytes:
    """Return what XML writes for what was found."""
    whole, code, name = found[0], found["code"], found["name"]
    if found["sign"]:
        return b"&lt;"
    if not whole.startswith(b"&") or name in KNOWN:
        return whole
    if code:
        number = int(code[1:], 16) if code.startswith(b"x") else int(code)
        is_character = number <= LAST_CHARACTER and not FORBIDDEN.match(chr(number))
        return whole if is_character else UNKNOWN_CHARACTER.encode()
    return as_text(whole)
