"""Listing a folder of an SFTP server, whatever bytes its names are made of.

The library's own way ends at the first name that is not UTF-8, so that one such file would hide
all that lie beside it. This reads the same answers, but for the library's inner calls for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import paramiko
from paramiko.message import Message
from paramiko.sftp import CMD_CLOSE, CMD_NAME, CMD_OPENDIR, CMD_READDIR, CMD_STATUS, SFTP_EOF

ON_THEIR_WAY = 50  # requests; each is answered with about a hundred names


def entries(client: paramiko.SFTPClient, folder: bytes) -> Iterator[paramiko.SFTPAttributes]:
    """Yield what a folder holds but itself and the one above.

    Of names that are not UTF-8, each odd byte is half of a surrogate pair.
    """
    inner: Any = client  # its types show no inner calls
    _, opened = inner._request(CMD_OPENDIR, folder)  # noqa: SLF001 - see above
    handle = opened.get_string()
    asked: deque[int] = deque()
    while True:
        while len(asked) < ON_THEIR_WAY:
            number = inner._async_request(type(None), CMD_READDIR, handle)  # noqa: SLF001 - see above
            asked.append(number)
        answer = _answer(client, asked.popleft())
        if answer is None:
            break
        for found in _names(answer):
            if found.filename not in {".", ".."}:
                yield found
    # what is still on its way is passed over
    inner._request(CMD_CLOSE, handle)  # noqa: SLF001 - see above


def _answer(client: paramiko.SFTPClient, number: int) -> Message | None:
    """Return the answer to one request, or None at the end of the folder."""
    inner: Any = client
    kind, data = inner._read_packet()  # noqa: SLF001 - see above
    answer = Message(data)
    if (got := answer.get_int()) != number:
        msg = f"the server answered request {got}, not {number}"
        raise paramiko.SFTPError(msg)
    if kind == CMD_STATUS:
        if Message(data[4:]).get_int() == SFTP_EOF:
            return None
        inner._convert_status(answer)  # noqa: SLF001 - see above
    if kind != CMD_NAME:
        msg = f"the server answered a list with message {kind}"
        raise paramiko.SFTPError(msg)
    return answer


def _names(answer: Message) -> Iterator[paramiko.SFTPAttributes]:
    kind: Any = paramiko.SFTPAttributes
    for _ in range(answer.get_int()):
        name, _long = answer.get_string(), answer.get_string()
        found: paramiko.SFTPAttributes = kind._from_msg(answer)  # noqa: SLF001 - see above
        found.filename = name.decode(errors="surrogateescape")
        yield found
