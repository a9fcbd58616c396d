"""What tells of a table before it begins: YAML between two lines `---`, as CSVY has it."""

from __future__ import annotations

import re

from definitions.model import FileFormat

LINE_END = rb"(?:\r\n|\r|\n)"
FIRST = re.compile(rb"(#?)---[ \t]*+" + LINE_END)
LINE = re.compile(rb"([^\r\n]*+)" + LINE_END)
KEY = re.compile(rb"""[\w"'][^:\r\n]{0,200}:(?:[ \t].*|)|[ \t-].*|#.*|""", re.DOTALL)
MOST_LINES = 1_000


def lines_of_front_matter(sample: bytes) -> int:
    """Return how many lines at the beginning are YAML, with the lines around it; 0 if none are.

    They are if each has a key, an item of a list or what goes on with one. A comment mark may stand
    before all of them.
    """
    first = FIRST.match(sample)
    if first is None:
        return 0
    mark, at = first.group(1), first.end()
    for count in range(1, MOST_LINES):
        found = LINE.match(sample, at)
        if found is None or not found.group(1).startswith(mark):
            return 0
        line = found.group(1).removeprefix(mark)
        if line.rstrip() == b"---":
            return count + 1 if count > 1 else 0
        if not KEY.fullmatch(line):
            return 0
        at = found.end()
    return 0


def told_of_front_matter(sample: bytes, layout: FileFormat) -> dict[str, str]:
    """Return what a person reads about lines of YAML, unless lines to skip are given."""
    lines = lines_of_front_matter(sample) if layout.skip_rows is None else 0
    return {"front_matter": f"the first {lines} lines are YAML about the table"} if lines else {}
