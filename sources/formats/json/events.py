"""Events that a server sent: the lines that are data of one of them, put together.

As the standard says, an event ends with an empty line, and its data are joined with line feeds.
"""

from __future__ import annotations

import re

END = re.compile(rb"\n\r?\n")
FIELD = re.compile(rb"(?:event|id|retry)?+:.*+|data(?::[ ]?(.*+))?+", re.DOTALL)
OBJECT = b"{"


def end_of_event(buffer: bytes, begin: int) -> int | None:
    """Return where the event ends that goes on at `begin`, None if that is not to be seen."""
    found = END.search(buffer, begin)
    return None if found is None else found.start()


def data_of_event(event: bytes) -> bytes | None:
    """Return the data of an event that has them on several lines.

    None if it has not, if there is something else in it, or if each line may be a record alone:
    some servers leave out the empty lines.
    """
    lines = event.rstrip(b"\r\n").split(b"\n")
    fields = [FIELD.fullmatch(line.removesuffix(b"\r")) for line in lines]
    data = [field[1] or b"" for field in fields if field is not None and field[0][:4] == b"data"]
    is_odd = len(data) <= 1 or None in fields
    if is_odd or all(line.startswith(OBJECT) for line in data if line.strip()):
        return None
    return b"\n".join(data)
