"""Every link from one page to another leads to a page that there is, and to a heading of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house import tree

LINK = re.compile(r"\]\((?!https?:|mailto:|/)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
NO_PART_OF_AN_ANCHOR = re.compile(r"[^\w\- ]")


def test_every_link_leads_somewhere() -> None:
    lost = [
        f"{tree.name(page)}: {target}"
        for page in _pages()
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not _is_there(page, target)
    ]

    assert lost == []


def _pages() -> Iterator[Path]:
    yield from (path for path in tree.files() if path.suffix == ".md")


def _is_there(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    to = (page.parent / name).resolve() if name else page
    return to.exists() and (not anchor or anchor in _anchors(to))


@cache
def _anchors(page: Path) -> frozenset[str]:
    """Return the anchors that a page has for its headings."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return frozenset(
        NO_PART_OF_AN_ANCHOR.sub("", heading.lower()).replace(" ", "-") for heading in headings
    )
