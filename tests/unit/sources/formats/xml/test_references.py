from __future__ import annotations

import pytest

from sources.formats.xml.references import LONGEST, as_text, stray_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"a & b", b"&"),
        (b"AT&T x", b"&T"),
        (b"&amp;&lt;&gt;&quot;&apos;&#1;&#xA; ", None),
        (b"&nbsp;", b"&nbsp;"),
        (b"&amp &", b"&amp"),
        (b"&&", b"&"),
        (b"<p>&</p>", b"&"),
        ("&é;".encode(), None),
        (b"&x:y;", None),
        (b"&1;", None),
        (b"&", None),
        (b"&T", None),
        (b"&" + b"x" * LONGEST + b";", None),
        (b"<![CDATA[ & ]]><![CDATA[&&]]>", None),
        (b"<![CDATA[ & ]]>&b;", b"&b;"),
        (b"<![CDATA[ & ", None),
        (b"<![CDATA[x]]> &<", b"&"),
    ],
)
def test_the_first_reference_is_found_that_nobody_knows(text: bytes, found: bytes | None) -> None:
    stray = stray_in(text, 0, len(text), in_section=False)
    assert (None if stray is None else stray[0]) == found


def test_it_is_looked_for_where_it_is_asked_for() -> None:
    text = b"&a; ]]>&b; &c;"
    assert stray_in(text, 1, 7, in_section=False) is None
    inner, outer = (stray_in(text, 0, 14, in_section=inside) for inside in (True, False))
    assert (inner and inner[0], outer and outer[0]) == (b"&b;", b"&a;")
    last = stray_in(text, 0, 8, in_section=True)
    assert last is not None
    assert last[0] == b"&b;"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (b"&", b"&amp;"),
        (b"&T", b"&amp;T"),
        (b"&nbsp;", b"\xc2\xa0"),
        (b"&AMP;", b"&amp;"),
        (b"&LT;", b"&lt;"),
        (b"&none;", b"&amp;none;"),
    ],
)
def test_what_it_is_meant_to_be(reference: bytes, text: bytes) -> None:
    assert as_text(reference) == text
