"""Cells that a spreadsheet takes for text: none of them can become a formula.

A spreadsheet runs what begins with one of `= + - @`, a tab or a CR. An apostrophe before it makes
it text. So that it can be taken away again, cells that begin with apostrophes and then such a
character get one more.
"""

from __future__ import annotations

import re

_MAY_RUN = re.compile(r"'*[=+\-@\t\r]")


def neutral(cell: str) -> str:
    """Return the cell as a spreadsheet may see it."""
    return f"'{cell}" if _MAY_RUN.match(cell) else cell


def original(cell: str) -> str:
    """Return the cell that `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _MAY_RUN.match(cell) else cell
