"""Reading a file of an SFTP server with many requests on their way.

The library's own way asks for 32 KB at a time, from a thread that sleeps in between, and moves all
that waits in a buffer for each of them. This takes a third of its work, but the library's inner
calls for it: a request of the protocol, and the answer to one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import paramiko
from paramiko.message import Message
from paramiko.sftp import CMD_DATA, CMD_READ, CMD_STATUS, int64

LARGEST = 255 << 10  # bytes that OpenSSH's server gives at once
SMALLEST = 32 << 10  # that every server gives
ON_THEIR_WAY = 4 << 20
BUFFERED = 512 << 10  # that came and were not read; more are slow to take away


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request on its way."""

    number: int
    offset: int
    size: int


class Pipeline:
    """Reads an open file from an offset on; a server that gives less at once is asked for less."""

    def __init__(self, client: paramiko.SFTPClient, file: paramiko.SFTPFile) -> None:
        self._client: Any = client  # its types show no inner calls
        self._handle = file.handle
        self._channel: Any = client.get_channel()
        self._asked: deque[_Asked] = deque()
        self._answers: dict[int, bytes] = {}
        self._at_once = LARGEST

    def pieces(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield the bytes of a file of that size; fewer if it turns out to be shorter."""
        while True:
            while offset < size and self._has_room():
                length = min(self._at_once, size - offset)
                self._asked.append(self._ask(offset, length))
                offset += length
            if not self._asked:
                return
            asked = self._asked.popleft()
            data = self._answer_to(asked)
            if not data:
                return
            if len(data) < asked.size:
                self._at_once = max(SMALLEST, min(self._at_once, len(data)))
                rest = self._ask(asked.offset + len(data), asked.size - len(data))
                self._asked.appendleft(rest)
            yield data

    def _async_response(self, kind: int, message: Message, number: int) -> None:
        """Take an answer; the library calls whoever made the request by this name."""
        if kind == CMD_DATA:
            self._answers[number] = message.get_string()
        elif kind == CMD_STATUS:
            self._answers[number] = b""
            try:
                self._client._convert_status(message)  # noqa: SLF001 - see above
            except EOFError:
                return
        else:
            msg = "the server answers with something else than data"
            raise paramiko.SFTPError(msg)

    def _has_room(self) -> bool:
        if len(self._asked) * self._at_once >= ON_THEIR_WAY:
            return False
        return not self._asked or len(self._channel.in_buffer) < BUFFERED

    def _ask(self, offset: int, length: int) -> _Asked:
        words = (CMD_READ, self._handle, int64(offset), length)
        number = self._client._async_request(self, *words)  # noqa: SLF001 - see above
        return _Asked(number, offset, length)

    def _answer_to(self, asked: _Asked) -> bytes:
        while asked.number not in self._answers:
            self._client._read_response()  # noqa: SLF001 - see above
        return self._answers.pop(asked.number)
