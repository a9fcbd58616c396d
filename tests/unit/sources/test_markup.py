from __future__ import annotations

import pytest

from definitions.errors import FormatError
from sources.markup import LONGEST_TOKEN, BrokenMarkupError, Markup, Told, local_name


def told(*pieces: bytes) -> list[tuple[object, ...]]:
    heard: list[tuple[object, ...]] = []
    markup = Markup(
        Told(
            begin=lambda name, attributes: heard.append(("<", name, attributes, markup.line)),
            end=lambda name: heard.append((">", name)),
            text=lambda text: heard.append((text,)),
        ),
        "f.xml",
    )
    for piece in pieces:
        markup.take(piece)
    markup.finish()
    return heard


def test_elements_and_texts_are_told_in_order() -> None:
    assert told(b"<a>\n<b x='1", b"'>t&amp;<![CDATA[<]]></b><!-- c --></a>") == [
        ("<", "a", {}, 1),
        ("\n",),
        ("<", "b", {"x": "1"}, 2),
        ("t&",),
        ("<",),
        (">", "b"),
        (">", "a"),
    ]


@pytest.mark.parametrize(
    "start",
    [
        b"<!DOCTYPE a []>",
        b'<!DOCTYPE a PUBLIC "-//W3C//DTD" "a.dtd">',
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_document_types_that_may_declare_something_are_refused(start: bytes) -> None:
    with pytest.raises(FormatError, match=r"'f\.xml' declares entities or a document type that"):
        told(start, b"<a/>")


def test_a_document_type_that_is_but_a_name_is_harmless() -> None:
    assert told(b"<!DOCTYPE ", b"a><a/>") == [("<", "a", {}, 1), (">", "a")]


@pytest.mark.parametrize(
    ("pieces", "reason", "place"),
    [
        ((b"<a>\n<b></a>",), "mismatched tag", (9, 2, False)),
        ((b"<a>&nbsp;</a>",), "undefined entity", (3, 1, False)),
        ((b"<a>\xff</a>",), "not well-formed (invalid token)", (3, 1, False)),
        ((b"<a>\n", b"<b>"), "no element found", (7, 2, True)),
        ((b"",), "no element found", (0, 1, True)),
    ],
)
def test_where_it_breaks_is_told(
    pieces: tuple[bytes, ...], reason: str, place: tuple[int, int, bool]
) -> None:
    with pytest.raises(BrokenMarkupError) as caught:
        told(*pieces)
    error = caught.value
    assert (error.reason, (error.byte, error.line, error.is_cut)) == (reason, place)


def test_a_tag_that_does_not_end_is_not_kept_forever() -> None:
    piece = b"x" * (1 << 20)
    with pytest.raises(BrokenMarkupError, match="a tag or comment is longer than") as caught:
        told(b"<a b='", *[piece] * (1 + LONGEST_TOKEN // len(piece)))
    assert (caught.value.byte, caught.value.is_endless) == (0, True)


@pytest.mark.parametrize("size", [1 << 10, (1 << 14) + 7, 1 << 18])
def test_a_long_tag_is_told_in_time_proportional_to_it(size: int) -> None:
    value = "x" * (LONGEST_TOKEN - (1 << 18))
    text = f"<a b='{value}'>t</a>".encode()

    assert told(*(text[at : at + size] for at in range(0, len(text), size))) == [
        ("<", "a", {"b": value}, 1),
        ("t",),
        (">", "a"),
    ]


def test_where_it_breaks_behind_a_long_tag_is_told() -> None:
    text = b"<a>\n<b c='" + b"x" * (1 << 18) + b"\n'/></b>" + b"x" * (1 << 17)
    with pytest.raises(BrokenMarkupError) as caught:
        told(*(text[at : at + 1000] for at in range(0, len(text), 1000)))
    error = caught.value
    assert (error.reason, error.byte, error.line) == ("mismatched tag", 16 + (1 << 18), 3)
    assert (error.is_cut, error.is_endless) == (False, False)


def test_prefixes_are_left_out() -> None:
    assert [local_name(name) for name in ("a", "x:a")] == ["a", "a"]


def test_what_stands_for_other_bytes_moves_no_place() -> None:
    heard: list[object] = []

    def begin(name: str, _: object) -> None:
        heard.append((name, *markup.spot))

    markup = Markup(Told(begin=begin, end=lambda _: None, text=heard.append), "f")
    markup.take(b"<a>1")
    assert (markup.is_even, markup.is_in_section) == (True, False)
    markup.take_instead(b"&amp;&amp;", 1)
    markup.take(b"\n<b/><![CDATA[")
    assert (heard, markup.spot, markup.is_in_section) == (
        [("a", 0, 1), "1", "&&", "\n", ("b", 6, 2)],
        (19, 2),
        True,
    )
    markup.take(b"]]></a>")
    assert not markup.is_in_section
