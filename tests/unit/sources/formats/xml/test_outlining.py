from __future__ import annotations

import pytest

from sources.formats.xml.outlining import MOST_BREAKS, outermost, outline_of


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (b"<r><i>A & B</i><p><a/></p><p/></r>", {"r": 1, "r/i": 1, "r/p": 2, "r/p/a": 1}),
        (b"<r><p><a>1</b><b/></p><p/></r>", {"r": 1, "r/p": 2, "r/p/a": 1, "r/p/a/b": 1}),
        (b"<x:r><p><a>&</a></p></x:r><x:r/>", {"x:r": 2, "x:r/p": 1, "x:r/p/a": 1}),
    ],
)
def test_an_outline_goes_on_behind_what_breaks_the_document(
    text: bytes, counts: dict[str, int]
) -> None:
    outline, reason = outline_of(text, "f")
    assert {"/".join(path): seen.count for path, seen in outline.seen.items()} == counts
    assert reason


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
