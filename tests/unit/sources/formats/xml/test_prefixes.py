from __future__ import annotations

import pytest

from sources.formats.xml.prefixes import MOST_ALIASES, Namespaces, Prefixes, prefixes_of


@pytest.mark.parametrize(
    ("families", "apart"),
    [
        (["a b", "g:a g:b"], ""),
        (["g:a h:a"], "h:a"),
        (["g:a h:a", "h:a"], "g:a"),
        (["i:a a", "i:a", "i:a"], "i:a"),
        (["a i:a j:a", "i:b", "b"], "i:a j:a"),
    ],
)
def test_tags_side_by_side_are_told_apart_but_for_one(families: list[str], apart: str) -> None:
    found = prefixes_of([family.split() for family in families])
    assert found.apart == frozenset(apart.split())


def test_what_was_told_apart_once_is_so_in_every_element() -> None:
    found = prefixes_of([["title", "i:title"], ["g:id"]])
    assert found.names_of(["i:title"]) == {"i:title": "i:title"}
    assert found.names_of(["title", "g:id"]) == {"title": "title", "g:id": "id"}


@pytest.mark.parametrize(
    ("seen", "tags", "names"),
    [
        (["g:id"], ["h:id", "g:id"], ["h:id", "id"]),
        (["g:id"], ["g:id", "id"], ["g:id", "id"]),
        (["a"], ["h:id", "g:id"], ["id", "g:id"]),
    ],
)
def test_what_comes_later_side_by_side_is_told_apart_too(
    seen: list[str], tags: list[str], names: list[str]
) -> None:
    assert prefixes_of([seen]).names_of(tags) == dict(zip(tags, names, strict=True))


def test_nothing_is_known_of_prefixes_without_any() -> None:
    assert prefixes_of([["a", "b"], ["a"]]) == Prefixes()


def test_prefixes_of_one_namespace_are_one() -> None:
    names = Namespaces()
    assert names.tag_of("a:x") == "a:x"
    for prefix, namespace in (("a", "urn:1"), ("b", "urn:1"), ("c", "urn:2"), ("d", "urn:3")):
        names.declare(prefix, namespace)
    assert [names.tag_of(f"{prefix}:x") for prefix in "abcd"] == ["a:x", "a:x", "c:x", "d:x"]
    names.declare("", "urn:3")
    names.declare("b", "urn:4")
    assert [names.tag_of(f"{prefix}:x") for prefix in "abcd"] == ["a:x", "b:x", "c:x", "x"]
    assert names.tag_of("x") == "x"


def test_very_many_prefixes_take_no_memory() -> None:
    names = Namespaces()
    for number in range(3 * MOST_ALIASES):
        names.declare(f"n{number}", "urn:1")
    assert names.tag_of(f"n{number}:x") == names.tag_of(f"n{number - 1}:x")
