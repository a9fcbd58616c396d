"""Taking the outline of a document's beginning, which may break its rules.

What is a record is not known yet. So behind a place that is not well-formed the next tag that
begins an element is where a parser goes on, and the tags on the way there close what they name. A
tag that has the shape of one begins its element, whatever breaks the rules behind its name.
"""

from __future__ import annotations

import re
from collections import Counter

from sources.formats.xml.choice import Outline, Path
from sources.markup import START, BrokenMarkupError, Markup, Spot, Told

MOST_BREAKS = 1000
STEP = 1 << 12  # what a parser gets at once: where it breaks soon it takes no longer for the rest
TAG = re.compile(rb"<(/?)([^\s<>/&!?\"'=]+)(?=[\s/>])")
ATTRIBUTE = re.compile(
    rb"""\s*+([^\s<>/&"'=]++)(?:\s*+=\s*+("[^"<]*+"|'[^'<]*+'|(?:[^\s<>"'=/]|/(?!>))++))?+"""
)
TAG_END = re.compile(rb"\s*+(/?)>")


def outline_of(text: bytes, name: str) -> tuple[Outline, str]:
    """Return the outline of `text`, and what is wrong with it; nothing if it is well-formed."""
    taking, reason = _Taking(name), ""
    for _ in range(MOST_BREAKS):
        try:
            taking.listen_to(text)
            break
        except BrokenMarkupError as exc:
            reason = reason or f"{exc.reason} on line {exc.line}"
            if not taking.outline.seen:
                break
            taking.pass_over(text, exc)
    return taking.outline, reason


def outermost(path: Path) -> Path:
    """Return the path of the outermost element below the root that has the name of the last one.

    Where a document breaks, those inside of it are likely to follow it: it was not closed.
    """
    return path[: path.index(path[-1], 1) + 1] if len(path) > 1 else path


class _Taking:
    """An outline as it grows."""

    def __init__(self, name: str) -> None:
        self.outline = Outline()
        self._name, self._spot = name, START
        self._tags: list[str] = []  # of the elements that are open
        self._open = Counter[str]()  # how many of them have a name

    def listen_to(self, text: bytes) -> None:
        """Take what there is in `text` from the last break on; raise `BrokenMarkupError`."""
        told = Told(begin=self._begin, end=self._end, text=self.outline.text)
        markup = Markup(told, self._name, self._spot, self._tags)
        for at in range(self._spot.byte, len(text), STEP):
            markup.take(memoryview(text)[at : at + STEP])

    def pass_over(self, text: bytes, error: BrokenMarkupError) -> None:
        """Go on behind the tag that breaks, or at the next one that begins an element."""
        if self._begin_broken(text, error):
            return
        begin = error.byte - 2 * text.startswith(b"</", error.byte - 2)
        self._spot = Spot(len(text), error.line)
        for tag in TAG.finditer(text, begin):
            if not tag[1]:
                self._spot = Spot(tag.start(), error.line)
                return
            self._close(tag[2].decode(errors="replace"))

    def _begin_broken(self, text: bytes, error: BrokenMarkupError) -> bool:
        """Begin the element whose tag breaks, if that has an end, and tell so."""
        begin = text.rfind(b"<", 0, error.byte)
        tag = TAG.match(text, begin) if begin >= 0 else None
        if tag is None or tag[1] or error.byte < tag.end():
            return False
        at, attributes = tag.end(), dict[str, str]()
        while attribute := ATTRIBUTE.match(text, at):
            name, value = (part.decode(errors="replace") for part in attribute.groups(b""))
            at, attributes[name] = attribute.end(), value.strip("\"'")
        end = TAG_END.match(text, at)
        if end is None or end.end() <= error.byte:
            return False
        name = tag[2].decode(errors="replace")
        self._begin(name, attributes)
        if end[1]:
            self._end(name)
        self._spot = Spot(end.end(), error.line)
        return True

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._tags.append(name)
        self._open[name] += 1
        self.outline.begin(name, attributes)

    def _end(self, name: str) -> None:
        self._tags.pop()
        self._open[name] -= 1
        self.outline.end(name)

    def _close(self, name: str) -> None:
        """End the element that is called so, if one is open, and what is open in it."""
        while self._open[name]:
            last = self._tags[-1]
            self._end(last)
            if last == name:
                return
