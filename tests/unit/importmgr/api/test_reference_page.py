from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from importmgr.api.reference_page import anchor, kind
from tests.unit.importmgr.api.conftest import Caller


class Page(HTMLParser):
    """The ids, links and tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in {"href", "src"} and value:
                self.links.append(value)


@pytest.fixture
def text(small_api: Caller) -> str:
    """The page as a browser gets it."""
    return small_api.client.get("/docs").text


def test_every_operation_is_shown(small_api: Caller, text: str) -> None:
    paths = small_api.client.get("/openapi.json").get_json()["paths"]

    for path in paths:
        assert f"<code>{path}</code>" in text


def test_every_link_leads_somewhere_here(small_api: Caller, text: str) -> None:
    page = Page(text)

    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        inside = link.startswith("#") and link[1:] in page.ids
        assert inside or small_api.client.get(link).status_code == 200, link


def test_nothing_runs_and_nothing_comes_from_elsewhere(text: str) -> None:
    page = Page(text)

    assert not page.tags & {"script", "img", "iframe", "style", "form"}
    assert [link for link in page.links if "//" in link] == []
    assert re.search(r" on\w+=| style=", text) is None


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Thing"}, "Thing"),
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "integer"}}, "array of integer"),
        ({"type": ["array", "null"], "items": {}}, "array or null"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"enum": ["a", 1]}, '"a" or 1'),
        ({}, "any JSON value"),
    ],
)
def test_schemas_are_said_in_words(schema: dict[str, object], words: str) -> None:
    assert kind(schema) == words


def test_anchors_are_plain() -> None:
    assert anchor("imports.list_imports") == "imports-list-imports"


def test_code_is_marked_as_code(text: str) -> None:
    assert "Needs the permission <code>imports.list</code>." in text
    assert "`" not in re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)
