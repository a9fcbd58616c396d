from __future__ import annotations

import pytest

from sources.formats.json.aside import is_aside


@pytest.mark.parametrize(
    ("path", "names", "aside"),
    [
        ("errors", "code message", True),
        ("meta.Links", "href rel", True),
        ("errors", "code source.pointer", True),
        ("errors", "code price", False),
        ("_links", "href rel", True),
        ("_links.curies", "name href templated", True),
        ("_links.find", "href templated", True),
        ("links.items", "name price", False),
        ("dimensionHeaders", "name", True),
        ("schema.fields", "name type mode", True),
        ("fields", "name crop", False),
        ("meta", "name type", True),
        ("schema", "name alias type", True),
        ("meta", "name title", False),
        ("schema", "name type crop", False),
        ("messages", "", False),
        ("items", "code message", False),
        ("errors.items", "code message", False),
        ("", "code message", False),
    ],
)
def test_errors_and_links_are_known_by_their_place_and_names(
    path: str, names: str, aside: bool
) -> None:
    assert is_aside([part for part in path.split(".") if part], names.split()) is aside
