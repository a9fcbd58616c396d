from __future__ import annotations

import pytest

from sources.formats.xml.choice import RecordKind, is_named
from sources.formats.xml.mending import mended_record

KIND = RecordKind(is_record=is_named("/r/p"), path=("r", "p"))


def mended(text: str | bytes) -> tuple[str, dict[str, str]] | None:
    data = text if isinstance(text, bytes) else text.encode()
    node = mended_record(data, KIND, ("r",), "f")
    return None if node is None else (node.text, node.attributes)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("AT&T", "AT&T"),
        ("a & b &amp; c&", "a & b & c&"),
        ("?a=1&b=2&copy=3", "?a=1&b=2&copy=3"),
        ("&nbsp;&copy;&ouml;&lt;&#228;&#xE4;", "\xa0©ö<ää"),
        ("&unknown; &", "&unknown; &"),
        ("1 < 2 <3", "1 < 2 <3"),
        ("&#0;&#xD800;&#9999999;\x01", "\ufffd" * 4),
        ("& <![CDATA[a & b < &nbsp;]]><!-- & -->", "& a & b < &nbsp;"),
    ],
)
def test_what_is_no_reference_and_no_tag_is_text(text: str, meant: str) -> None:
    assert mended(f'<p a="1 & 2">{text}</p> <!-- x --></r>') == (meant, {"a": "1 & 2"})


def test_bytes_that_are_no_text_are_told_as_such() -> None:
    assert mended(b"<p>a\xffb</p>") == ("a\ufffdb", {})


@pytest.mark.parametrize(
    "text",
    ["<p>a & <b></p>", "<p>&", "<p>&</p><p>x</p>", "<p a=1>x</p>", "&<p>x</p", "<p>&<!--</p>"],
)
def test_what_can_be_meant_in_several_ways_is_not_mended(text: str) -> None:
    assert mended(text) is None
