"""How the records of a JSON text lie in it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass

from definitions.batches import Position
from sources.formats.json.remarks import BETWEEN, BLOCK

LINE_END, SEQUENCE_MARK = b"\n", b"\x1e"
FIRST_RECORD = re.compile(
    rf"((?:\s|//[^\n]*+\n|{BLOCK})*+)"
    r"""\{\s*("(?:[^"\\]|\\.)*"|'[^'\\\n]*+'|[A-Za-z_$][\w$]*+)\s*:"""
)

KEY = r'"(?:[^"\\\n]++|\\.)*+"'
FIRST_MEMBER = re.compile(rf"({BETWEEN}){KEY}\s*:\s*\{{\s*({KEY})\s*:")


@dataclass(frozen=True, slots=True)
class CellList:
    """A list in each record with some of its cells, each in an object as the `value` of that.

    `names` are those of the cells; `may_end_early`: the last ones may be missing, and are empty.
    """

    name: str
    names: tuple[str, ...]
    value: str
    may_end_early: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the records are and what parts them.

    `parted_by`: the byte between two records, a line end, or the mark before each record of a text
    sequence (RFC 7464). Else records stand one behind the other, with commas between
    them, from `begin` on; `bracketed`: up to a `]`, which stands in `depth` objects. Behind these
    other such objects may follow; what begins as the first one does ends with `next_page`. After a
    broken record reading goes on where `next_record` matches; `are_apart`: it does nowhere inside
    of records. `where` tells people. Where records are arrays, `names` are those of the columns;
    `is_named`: they stand in the file, `are_beside`: in another list; `are_of_sheet`: they lack the
    empty cells at their end, and are no rows where all are empty. `are_values`: they are no arrays
    but single texts, numbers and words. `are_quoted`: they are JSON in texts of JSON.
    `are_events`: records are in the lines `data: …` of what a server sent, event by event.
    `are_documents`: before the line of each may be one that tells what to do with it.
    `within`: records are objects that have their cells in these lists.
    `key`: records stand by key in an object, and the key is the cell of that name. Such an object
    takes the place of a list. `others` are arrays that are not read. `closing` stands behind all,
    as what was passed over before the text opened that.
    """

    where: str
    begin: Position
    parted_by: bytes = b""
    bracketed: bool = False
    depth: int = 0
    next_record: re.Pattern[str] | None = None
    are_apart: bool = False
    next_page: re.Pattern[bytes] | None = None
    names: tuple[str, ...] = ()
    is_named: bool = True
    are_beside: bool = False
    are_of_sheet: bool = False
    are_values: bool = False
    are_quoted: bool = False
    are_events: bool = False
    are_documents: bool = False
    within: tuple[CellList, ...] = ()
    key: str = ""
    others: tuple[str, ...] = ()
    closing: bytes = b""

    @property
    def again(self) -> re.Pattern[bytes] | None:
        """Return what ends with the bracket of a list of the same name, if there is one."""
        if not self.depth or self.key:
            return None
        name = re.escape(self.where.rpartition(".")[2].encode())
        return re.compile(rb'"' + name + rb'"\s*+:\s*+\[')

    @property
    def bracket(self) -> bytes:
        """Return what closes the list of records."""
        return b"}" if self.key else b"]"


def record_beginning(text: str) -> re.Pattern[str] | None:
    """Return what ends where another record begins, seen how the first one does at `text`.

    Where the first begins on a line of its own, records are told by their indentation; else by
    a comma and the same first name. Without an object at `text` there is no telling.
    """
    first = FIRST_RECORD.match(text)
    if first is None:
        return None
    before, name = first[1], re.escape(first[2])
    indentation = before.rpartition("\n")[2]
    if "\n" in before and not indentation.strip():
        return re.compile(rf"\n{re.escape(indentation)}(?=\{{)")
    quoted = name if name[0] == '"' else rf"[\"']?{name.strip(chr(39))}[\"']?"
    return re.compile(rf",{BETWEEN}(?=\{{\s*{quoted}\s*:)")


def page_beginning(text: str) -> re.Pattern[bytes] | None:
    """Return what ends where an object begins like that at `text`, outside of other objects.

    Directly behind another one, or on a line of its own, no value inside an object can look so.
    """
    first = FIRST_RECORD.match(text)
    if first is None:
        return None
    name = re.escape(first[2].encode("latin-1"))
    mark = re.escape(SEQUENCE_MARK + BOM_UTF8)
    return re.compile(rb"(?:\}|\n|\x1e)[\s" + mark + rb"]*+(?=\{\s*" + name + rb"\s*:)")


def member_beginning(text: str) -> re.Pattern[str] | None:
    """Return what ends where another member begins whose value is a record, as the first at `text`.

    Members on lines of their own are told by their indentation, others by the record's first name.
    """
    first = FIRST_MEMBER.match(text)
    if first is None:
        return None
    before, name = first[1], re.escape(first[2])
    indentation = before.rpartition("\n")[2]
    if "\n" in before and not indentation.strip():
        return re.compile(rf"\n{re.escape(indentation)}(?={KEY}\s*:\s*\{{)")
    return re.compile(rf",{BETWEEN}(?={KEY}\s*:\s*\{{\s*{name}\s*:)")
