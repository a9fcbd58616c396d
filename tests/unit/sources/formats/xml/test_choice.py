from __future__ import annotations

import pytest

from sources.formats.xml.choice import Outline, choose, is_named
from sources.markup import Markup, Told


def outline(text: str) -> Outline:
    seen = Outline()
    markup = Markup(Told(begin=seen.begin, end=seen.end, text=lambda _: None), "f")
    markup.take(text.encode())
    return seen


@pytest.mark.parametrize(
    ("text", "wanted", "path"),
    [
        ("<r><p><a/></p><p><a/></p></r>", "", "r/p"),
        ("<rss><c><title/><item><a/></item><item/></c></rss>", "", "rss/c/item"),
        ("<r><m x='1'/><m x='2'/><ps><p><a/></p><p/><p/></ps></r>", "", "r/ps/p"),
        ("<r><m x='1'/><m x='2'/><ps><p><a/></p><p/><p/></ps></r>", "x", "r/m"),
        ("<os><o><l><n/></l><l/><l/></o><o/></os>", "", "os/o"),
        ("<r><p><id/><tag/><tag/></p></r>", "", "r/p"),
        ("<r><p><id/><v s='1'/><v s='2'/></p></r>", "id", "r/p"),
        ("<p><id/><name/></p>", "", "p"),
        ("<l><n>a</n><n>b</n></l>", "", "l/n"),
    ],
)
def test_the_record_is_what_repeats_near_the_root(text: str, wanted: str, path: str) -> None:
    assert choose(outline(text), frozenset(wanted.split())) == tuple(path.split("/"))


def test_an_empty_list_has_no_record() -> None:
    assert choose(outline("<r/>"), frozenset()) is None


def test_a_name_or_the_end_of_a_path_tells_records() -> None:
    path = ["r", "ps", "p"]
    assert [is_named(name)(path) for name in ("p", "ps/p", "/r/ps/p")] == [True] * 3
    assert [is_named(name)(path) for name in ("ps", "r/p", "/ps/p", "p/p")] == [False] * 4
