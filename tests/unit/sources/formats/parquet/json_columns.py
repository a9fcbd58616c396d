"""Columns of bytes that a file says are JSON, which polars cannot write."""

from __future__ import annotations

from pathlib import Path

JSON_KIND = b"\x25\x26"  # the sixth field of a column, two behind its name: a number, which is 19
BEHIND = 8  # bytes behind the footer: its length, and the mark of the format


def told_as_json(file: Path, *names: str) -> None:
    """Let the footer of a file say that the bytes called `names` are JSON."""
    content = file.read_bytes()
    begin = len(content) - BEHIND - int.from_bytes(content[-BEHIND:-4], "little")
    footer = content[begin:-BEHIND]
    for name in names:
        column = b"\x18" + bytes([len(name)]) + name.encode()  # the fourth field, behind a third
        assert footer.count(column + b"\x00") == 1
        footer = footer.replace(column + b"\x00", column + JSON_KIND + b"\x00")
    length = len(footer).to_bytes(4, "little")
    file.write_bytes(content[:begin] + footer + length + content[-4:])
