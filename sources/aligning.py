"""Columns that are aligned with spaces, as programs write tables for people to read.

Several spaces count as one, and those at the beginning and the end of a line as none. Positions in
such a file count the bytes of the text that is left.
"""

from __future__ import annotations

import re

SPACES = re.compile(rb"  ++")
AROUND = ((b" \r", b"\r"), (b" \n", b"\n"), (b"\r ", b"\r"), (b"\n ", b"\n"))


class Aligning:
    """Leaves one space between the fields of each line, of a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = b""
        self._is_line_begin = True

    def __call__(self, data: bytes, last: bool) -> bytes:  # noqa: FBT001 - as a decoder is called
        """Return the next of the text; a space at its end waits for what comes behind it."""
        text = SPACES.sub(b" ", self._held + data)
        for spaced, bare in AROUND:
            text = text.replace(spaced, bare)
        if self._is_line_begin:
            text = text.removeprefix(b" ")
        self._held = b"" if last or not text.endswith(b" ") else b" "
        text = text.removesuffix(b" ")
        if text:
            self._is_line_begin = text.endswith((b"\r", b"\n"))
        return text
