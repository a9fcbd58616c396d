from __future__ import annotations

import re

import pytest

from sources.formats.json.remarks import BEHIND, BETWEEN, is_open_remark


def test_comments_stand_between_values() -> None:
    text = ' // a, "b\n\t/* c ] */ # d\n\xef\xbb\xbf{'
    found = re.match(BETWEEN, text)
    assert found is not None
    assert found.end() == text.index("{")


@pytest.mark.parametrize("text", ["", ");\n", ";\r\n\x1a", "\n// end", "/* end */\x00\x00"])
def test_the_end_of_a_script_and_comments_stand_behind_the_text(text: str) -> None:
    assert BEHIND.fullmatch(text)


def test_a_word_is_no_end_of_a_script() -> None:
    assert not BEHIND.fullmatch(");\ndone")


@pytest.mark.parametrize(
    ("text", "is_open"),
    [("// a", True), ("/", True), ("/* a *", True), ("# a", True), ("// a\n1", False)],
)
def test_a_comment_without_end_is_open(text: str, is_open: bool) -> None:
    assert is_open_remark(f"1,{text}", 2) == is_open
