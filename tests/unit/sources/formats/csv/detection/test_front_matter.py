from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.front_matter import (
    MOST_LINES,
    lines_of_front_matter,
    told_of_front_matter,
)

YAML = """\
---
name: people
source: https://example.test/people
schema:
  fields:
  - name: id
    type: integer
# a comment

- a: b
---
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "#"])
def test_yaml_before_a_table_is_counted(mark: str, end: str) -> None:
    lines = YAML.splitlines()
    text = "".join(mark + line + end for line in lines) + f"id,name{end}1,Anna{end}"
    assert lines_of_front_matter(text.encode()) == len(lines)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n",
        "---\nid,name\n---\n1,a\n",  # lines that are drawn around a header
        "---\n---\n",
        "--- a\nb: c\n---\n",
        "---\na: b\nid,name\n1,a\n",
        "---\na: b\n",
        "#---\n#a: b\n---\n",
        "a: b\n---\n",
        "---\n12:30,a\n---\n",
        "---\n" + "a: b\n" * MOST_LINES + "---\n",
    ],
)
def test_lines_that_are_something_else_are_none(text: str) -> None:
    assert lines_of_front_matter(text.encode()) == 0


def test_yaml_before_a_table_is_told() -> None:
    text = b"---\na: b\n---\nid\n"
    assert told_of_front_matter(text, FileFormat()) == {
        "front_matter": "the first 3 lines are YAML about the table"
    }
    assert told_of_front_matter(text, FileFormat(skip_rows=0)) == {}
    assert told_of_front_matter(b"id\n", FileFormat()) == {}
