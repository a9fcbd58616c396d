from __future__ import annotations

import pytest

from sources.beginnings import BEFORE_JSON, JSON, XML


@pytest.mark.parametrize(
    ("before", "wrapper"),
    [
        (b"// made by hand\n/* and so on **/ ", b""),
        (b"# made by hand\n", b""),
        (b")]}',\n", b")]}',\n"),
        (b"while(1);", b"while(1);"),
        (b"for (;;);", b"for (;;);"),
        (b"/**/ typeof load === 'function' && load(", b"typeof load === 'function' && load("),
        (b"var shop = ", b"var shop = "),
        (b"window.shop.part0 = ", b"window.shop.part0 = "),
        (b"export default // all\n", b"export default // all\n"),
    ],
)
def test_comments_and_what_makes_a_script_of_json_are_told_apart(
    before: bytes, wrapper: bytes
) -> None:
    found = BEFORE_JSON.match(before + b'[{"a":1}]')
    assert found is not None
    assert (found.group(), found[2]) == (before, wrapper)


@pytest.mark.parametrize(
    ("start", "is_json"),
    [
        (b"[1, 2.5,\n-3e4]\n", True),
        (b'["a", "b]"]', True),
        (b'[null, {"a": 1}]', True),
        (b"[1]\n[2]\n", True),
        (b"[1, 2, 3, 4", True),
        (b'data: {"a": 1}\n', True),
        (b': x\n\nevent: x\nid: 1\ndata: {"a": 1}\n', True),
        (b'data: {\r\nid: 1\r\ndata: "a": 1}\n', True),
        (b"data: {a\n", False),
        (b"data: {\nmore: {\n", False),
        (b"event: x\nname: y\n", False),
        (b"[1] started\n[2] stopped\n", False),
        (b"[1]\nname=x\n", False),
        (b"[1,2];a\n[3,4];b\n", False),
        (b"[shop]\n", False),
        (b"[2024-01-31] x\n", False),
    ],
)
def test_lists_of_values_and_events_are_told_from_other_lines(start: bytes, is_json: bool) -> None:
    assert (JSON.match(start) is not None) is is_json


@pytest.mark.parametrize(
    "text",
    [
        b"<TICKER>,<PER>,<DATE>\nGAZP,D,20240103\n",
        b"\xef\xbb\xbf<DATE>\t<OPEN>\r\n2024.01.02\t1.10\r\n",
        b"<id>;<name>\n\n1;a\n",
        b"<id>|<name> \n1|a\n",
        b"<Id>,<Full Name>\n1,<b>a</b>\n",
        b"<none>,5\nabc,6\n",
        b"\xef\xbb\xbf<none>\t x\r\n<b>1</b>\ty\r\n",
    ],
)
def test_cells_in_angle_brackets_are_no_xml(text: bytes) -> None:
    assert not XML.match(text)


@pytest.mark.parametrize(
    "text",
    [
        b"<?xml version='1.0'?>\n<a/>",
        b"\n <rows>\t<row>\n<id>1</id>",
        b"<rows>\t<row>\n  <id>1</id>",
        b"<row>,<id>1</id>,<name>x</name>\nb",
        b"<id>1</id>,<id>2</id>\nb",
        b"<rows>,\n1",
        b"<rows>\t<row>\ntext<id>1</id></row>\t<row>\ntext",
        b"<p class='a'>,<b>\ntext\n</b></p>",
        b"<rows>\n1",
        b"<note>, read it\n</note>",
        b"<note>; and <b>this</b>\nb",
        b"<rows>\t \n1",
        b"<rows/>,5\n",
    ],
)
def test_elements_are_xml_whatever_is_between_them(text: bytes) -> None:
    assert XML.match(text)
