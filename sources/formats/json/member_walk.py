"""One walk over a block of JSON text whose records stand by key in an object.

An item is a member, `"17": {"name": "Jana"}`; its key is a cell of the record.
"""

from __future__ import annotations

import json
import re
from typing import Any

from definitions.batches import Position
from sources.formats.json.item import Item, parse_item
from sources.formats.json.layout import Layout
from sources.formats.json.mending import mended_record
from sources.formats.json.record import NotARecordError, read_record
from sources.formats.json.walk import ItemWalk
from sources.gathering import NOT_TEXT, Gathering, Place, Problem, shown

KEY = r'"(?:[^"\\]++|\\.)*+"'
SPACE = r"[ \t\r\n]*+"
MEMBER = re.compile(rf"({KEY}){SPACE}:{SPACE}", re.DOTALL)
MEMBER_BYTES = re.compile(MEMBER.pattern.encode(), re.DOTALL)
NO_MEMBER = "expecting a key and an object"


class MemberWalk(ItemWalk):
    """A walk over the members of an object."""

    def __init__(
        self, buffer: bytes, begin: Position, layout: Layout, gathering: Gathering[dict[str, Any]]
    ) -> None:
        super().__init__(buffer, begin, layout, gathering)
        self._closing = "}"
        self._read = self._record_in

    def _parse(self, text: str, begin: int) -> Item:
        found = MEMBER.match(text, begin)
        if found is not None:
            return parse_item(text, found.end())
        item = parse_item(text, begin)
        is_cut = item.is_cut or not text[item.end :].strip()
        return item if item.failure else Item(end=begin, failure=NO_MEMBER, is_cut=is_cut)

    def _value_at(self, text: str, begin: int) -> int:
        found = MEMBER.match(text, begin)
        return begin if found is None else found.end()

    def _record_in(self, text: bytes) -> dict[str, Any]:
        """Return the cells of a member; raise `NotARecordError`."""
        found = MEMBER_BYTES.match(text)
        if found is None:
            raise NotARecordError(Item(end=0, failure=NO_MEMBER).problem(0))
        try:
            return self._with_key(found[1], read_record(text[found.end() :]))
        except NotARecordError as exc:
            item = self._parse(str(text, "latin-1"), 0)
            raise NotARecordError(item.problem(0) if item.failure else exc.problem) from None

    def _take_mended(self, text: bytes, place: Place, problem: Problem) -> Problem | None:
        found = MEMBER_BYTES.match(text)
        mended = mended_record(text[found.end() :], problem, ()) if found else None
        if found is None or mended is None:
            return problem
        try:
            record = self._with_key(found[1], mended[0])
        except NotARecordError as exc:
            return exc.problem
        self._gathering.keep(record, place)
        self._gathering.note(mended[1], place, shown(text))
        self.row += 1
        return None

    def _with_key(self, key: bytes, record: dict[str, Any]) -> dict[str, Any]:
        """Return the record with its key as the first cell."""
        try:
            return {self._layout.key: json.loads(key)} | record
        except ValueError:
            raise NotARecordError(NOT_TEXT) from None
