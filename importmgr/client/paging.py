"""How a list that comes in pages is followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from importmgr.client.door import Door
from importmgr.client.values import Document

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How the pages of a list are asked for, and which member of an answer is the page."""

    limit: str
    offset: str
    size: int
    member: str

    def follow(
        self, door: Door, path: str, thing_of: Callable[[Document], Thing], **more: float | str
    ) -> Iterator[Thing]:
        """Yield what is on every page, in the service's order; `more` is added to the query."""
        for offset in count(0, self.size):
            query = {self.limit: self.size, self.offset: offset, **more}
            answer = door.ask("GET", path, params=query)
            with door.understood():
                page = [thing_of(row) for row in answer.body[self.member]]
                total = int(answer.body["total"])
            yield from page
            if not page or offset + self.size >= total:
                return
