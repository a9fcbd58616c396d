"""Cutting a JSON text into records, a block of bytes at a time.

A block begins at a record border and has a fixed size, doubled as long as no record ends in it. So
where a block ends depends only on where it starts, and reading on from the end of any block gives
what would have followed. Of a record that is longer than `MAX_RECORD` only its beginning is looked
at; the rest is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from definitions.batches import Position
from sources.formats.json.feed import Feed
from sources.formats.json.further import go_on
from sources.formats.json.layout import LINE_END, SEQUENCE_MARK, Layout
from sources.formats.json.member_walk import MemberWalk
from sources.formats.json.parted import PartedWalk
from sources.formats.json.walk import ItemWalk, Walk
from sources.gathering import MAX_RECORD, Gathering

BLOCK_SIZE = 1 << 20  # small enough to stay in the processor's cache
FIRST_BLOCK = 1 << 16  # of a further list: there may be many short ones, one on every line
OVERLAP = 1 << 12  # what marks the next record is shorter
NEXT_PART = {mark: re.compile(mark.decode()) for mark in (LINE_END, SEQUENCE_MARK)}
MARK = re.compile(rb'["\[\]{},]')
STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)


def split(
    read: Callable[[int], bytes],
    layout: Layout,
    begin: Position,
    gathering: Gathering[dict[str, Any]],
    size: int = BLOCK_SIZE,
) -> Iterator[Position]:
    """Gather the records that `read` brings, from `begin` on; yield where each block ends."""
    feed, block, end = Feed(read), size, begin
    while buffer := feed.peek(block):
        final = feed.is_last(buffer)
        walk = _walked(buffer, end, layout, gathering, final=final)
        if walk.at == 0 and not (final or walk.ended or walk.overlong or gathering.is_full):
            block = min(2 * block, MAX_RECORD + size)  # not one record ends in so little
            continue
        block = size
        feed.drop(walk.at)
        end = Position(byte=end.byte + walk.at, row=walk.row, line=walk.line_at(walk.at))
        if walk.overlong:
            end = _skip_record(feed, layout, end, balanced=walk.balanced)
        yield end
        if walk.ended:
            rows = end.row
            end, has_list = go_on(feed, layout, end, gathering)
            if not has_list:
                if end.row > rows:
                    yield end
                return
            block = min(size, FIRST_BLOCK)


def _walked(
    buffer: bytes,
    begin: Position,
    layout: Layout,
    gathering: Gathering[dict[str, Any]],
    *,
    final: bool,
) -> Walk:
    kind = MemberWalk if layout.key else ItemWalk
    walk = (PartedWalk if layout.parted_by else kind)(buffer, begin, layout, gathering)
    walk.run(final=final)
    return walk


def _skip_record(feed: Feed, layout: Layout, begin: Position, *, balanced: bool) -> Position:
    """Forget the record that begins at `begin`; return where the next one may begin."""
    if balanced:
        size, lines = _skip_item(feed)
    else:
        size, lines = _skip_to(feed, NEXT_PART.get(layout.parted_by, layout.next_record))
    return Position(byte=begin.byte + size, row=begin.row, line=begin.line + lines)


def _skip_to(feed: Feed, pattern: re.Pattern[str] | None) -> tuple[int, int]:
    """Forget everything up to the end of the next match; return the bytes and lines that were."""
    size = lines = 0
    while chunk := feed.peek(BLOCK_SIZE):
        text = str(chunk, "latin-1")
        found = None if pattern is None else pattern.search(text, 1)
        if found is not None:
            taken = found.end()
        else:
            taken = len(chunk) if feed.is_last(chunk) else max(len(chunk) - OVERLAP, 1)
        feed.drop(taken)
        size, lines = size + taken, lines + chunk.count(b"\n", 0, taken)
        if found is not None:
            break
    return size, lines


def _skip_item(feed: Feed) -> tuple[int, int]:
    """Forget one item and the comma behind it; return the bytes and line ends that were."""
    size = lines = depth = 0
    inside = found = False
    while not found and (chunk := feed.peek(BLOCK_SIZE)):
        at = 0
        while at < len(chunk) and not found:
            if inside:
                at = STRING_REST.match(chunk, at).end()  # type: ignore[union-attr]
                inside = chunk[at : at + 1] != b'"'
                if inside:  # the string, or the escape at the end, goes on behind the chunk
                    break
                at += 1
                continue
            mark = MARK.search(chunk, at)
            at = len(chunk) if mark is None else mark.end()
            sign = mark.group() if mark else b""
            inside = sign == b'"'
            found = depth == 0 and sign in {b",", b"]", b"}"}
            depth += (sign in {b"[", b"{"}) - (sign in {b"]", b"}"})
            at -= found and sign != b","
        at = len(chunk) if feed.is_last(chunk) and not found else at
        feed.drop(at)
        size, lines = size + at, lines + chunk.count(b"\n", 0, at)
    return size, lines
