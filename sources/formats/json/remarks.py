"""What stands between the values of a JSON text and around it that is no JSON: comments, scripts.

`BETWEEN` and `BEHIND` are for bytes taken as characters, one for one.
"""

from __future__ import annotations

import re

LONGEST = 4096  # characters of a comment between two marks: of those that have no end many may be
BLOCK = rf"/\*(?:[^*]|\*(?!/)){{0,{LONGEST}}}+\*/"
_COMMENT = rf"(?://|\#)[^\n]*+\n|{BLOCK}"
BETWEEN = rf"(?:[ \t\r\n\xef\xbb\xbf]|{_COMMENT})*+"
# The end of a script or of a call, what DOS and others end a file with, comments.
BEHIND = re.compile(rf"(?:[\s;)\x1a\x00\xef\xbb\xbf]|{_COMMENT}|(?://|\#)[^\n]*+\Z)*+")
_OPEN_LINE = re.compile(r"(?:/|(?://|\#)[^\n]*+)\Z")


def is_open_remark(text: str, begin: int) -> bool:
    """Tell whether a comment begins at `begin` whose end may come behind the text."""
    if text.startswith("/*", begin):
        return len(text) - begin <= LONGEST
    return text[begin] in "/#" and _OPEN_LINE.match(text, begin) is not None
