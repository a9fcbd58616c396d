from __future__ import annotations

import pytest

from sources.formats.xml.outlining import MOST_BREAKS, outermost, outline_of


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (b"<r><i>A & B</i><p><a/></p><p/></r>", {"r": 1, "r/i": 1, "r/p": 2, "r/p/a": 1}),
        (b"<r><p><a>1</b><b/></p><p/></r>", {"r": 1, "r/p": 2, "r/p/a": 1, "r/p/a/b": 1}),
        (b"<x:r><p><a>&</a></p></x:r><x:r/>", {"x:r": 2, "x:r/p": 1, "x:r/p/a": 1}),
        # the attributes break, the tag has an end
        (b'<r><p u="?a&b=1"><a/></p><p u="&"/><p/></r>', {"r": 1, "r/p": 3, "r/p/a": 1}),
        (b"<r><p u=1 v><a/></p><p u='1' u='2'><a/></p></r>", {"r": 1, "r/p": 2, "r/p/a": 2}),
        (b"<r><p u=1/><p u='1'v=\"2\" ><a/></p></r>", {"r": 1, "r/p": 2, "r/p/a": 1}),
        # it has none
        (b'<r><p u="1 <a/><a/></r>', {"r": 1, "r/a": 2}),
        (b"<r><p <a/></r>", {"r": 1, "r/a": 1}),
        (b"<r></p u='&'><a/></r>", {"r": 1, "r/a": 1}),
        # its name is none
        (b"<r><p;q u='1'><a/></r>", {"r": 1, "r/a": 1}),
        (b"<r><p\xff u='&'><a/></r>", {"r": 1, "r/a": 1}),
    ],
)
def test_an_outline_goes_on_behind_what_breaks_the_document(
    text: bytes, counts: dict[str, int]
) -> None:
    outline, reason = outline_of(text, "f")
    assert {"/".join(path): seen.count for path, seen in outline.seen.items()} == counts
    assert reason


def test_the_attributes_of_a_tag_that_breaks_are_told() -> None:
    outline, _ = outline_of(b"<r><p u=\"?a&amp;b&c=1\" v='2' w=3 x><a/></p></r>", "f")
    assert outline.seen["r", "p"].attributes == {"u", "v", "w", "x"}


def test_a_document_that_breaks_again_and_again_has_a_short_outline() -> None:
    outline, reason = outline_of(b"<r>" + b"&<a/>" * (2 * MOST_BREAKS), "f")
    assert (outline.seen["r", "a"].count, reason) == (
        MOST_BREAKS - 1,
        "not well-formed (invalid token) on line 1",
    )


def test_what_begins_with_no_element_has_no_outline() -> None:
    outline, reason = outline_of(b"a,b\n<r/>", "f")
    assert (outline.seen, reason) == ({}, "syntax error on line 1")


def test_of_records_inside_of_each_other_the_outermost_is_meant() -> None:
    assert outermost(("r", "p", "a", "p")) == ("r", "p")
    assert outermost(("p", "p")) == ("p", "p")
    assert outermost(("p",)) == ("p",)
