"""What is asked of a delimited file is listed in one place and on the page, in the same order."""

from __future__ import annotations

import ast
import re

from sources.formats.csv.detection.around import AROUND
from tests.house import tree

FOLDER = "sources/formats/csv/detection"
PAGE = "docs/guide/what-is-found-out.md"
STEP = re.compile(r"^(\d+)\. \*+([^*]+)\*", re.MULTILINE)
IN_BRACKETS = re.compile(r"\(((?:`\w+`(?:,\s+)?)+)\)")
LAST_WORDS = re.compile(r"^`fixed_width` .*`detected` ", re.MULTILINE)


def test_the_page_has_the_steps_of_the_list_in_their_order() -> None:
    steps = STEP.findall(_list())

    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert STEP.findall(tree.page(PAGE)) == steps


def test_the_list_names_every_module_that_knows_something_and_no_other() -> None:
    there = {path.stem for path in tree.modules(FOLDER)} - {"__init__", "detecting"}
    named = {name for names in IN_BRACKETS.findall(_list()) for name in re.findall(r"\w+", names)}

    assert LAST_WORDS.search(_list())
    assert named | {"fixed_width", "detected"} == there


def test_the_page_names_what_may_be_around_rows_in_the_order_it_is_asked() -> None:
    (line,) = re.findall(r"^2\. [^.]*\.", tree.page(PAGE), re.MULTILINE)

    assert re.findall(r"`(\w+)`", line) == list(AROUND)


def _list() -> str:
    """Return where it is said what is asked."""
    module = tree.tree(tree.ROOT / FOLDER / "detecting.py")
    return ast.get_docstring(module) or ""
