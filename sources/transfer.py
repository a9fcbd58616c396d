"""The limits of a fetch, and receiving the body of an answer within them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass

import requests

from definitions.errors import SourceRefusedError, SourceUnreachableError
from sources.part import Part

ROOM_EVERY = 64 << 20
BEAT_EVERY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How much, how long and how slow one fetch may be; times in seconds, sizes in bytes.

    `answer_timeout` is for the head of an answer with all its redirects, `deadline` for the whole
    fetch with all its attempts. The rate is measured over each `rate_window`. A pause longer than
    `longest_pause` is left to whoever asked for the fetch.
    """

    size_cap: int = 50 << 30
    deadline: float = 6 * 3600.0
    minimum_rate: float = 1000.0
    rate_window: float = 30.0
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    answer_timeout: float = 60.0
    check_timeout: float = 5.0
    longest_pause: float = 60.0
    chunk_size: int = 1 << 18


class Watch:
    """Watches one fetch: its deadline, its rate, its size, the room for it, and who may stop it."""

    def __init__(
        self,
        limits: FetchLimits,
        *,
        monotonic: Callable[[], float],
        room: Callable[[int], None],
        heartbeat: Callable[[], None],
    ) -> None:
        self.heartbeat = heartbeat
        self._limits, self._monotonic, self._room = limits, monotonic, room
        self._until = monotonic() + limits.deadline
        self._window_from, self._window_size = monotonic(), 0
        self._since_room = 0

    @property
    def left(self) -> float:
        """Return the seconds until the deadline."""
        return self._until - self._monotonic()

    def expect(self, total: int | None, here: int) -> None:
        """Check size and room for a body of which `here` bytes have come already."""
        self._window_from, self._window_size = self._monotonic(), 0
        self._check_size(total or 0)
        self._room(max(0, (total or 0) - here))

    def count(self, new: int, here: int) -> None:
        """Check everything after `new` more bytes, `here` in all."""
        self.heartbeat()
        self._check_size(here)
        self._check_time(new)
        self._since_room += new
        if self._since_room >= ROOM_EVERY:
            self._since_room = 0
            self._room(0)

    def _check_size(self, size: int) -> None:
        if size > self._limits.size_cap:
            msg = (
                f"the file is larger than {self._limits.size_cap} bytes; "
                "split it or raise IMPORTMGR_MAX_FILE_BYTES"
            )
            raise SourceRefusedError(msg)

    def _check_time(self, new: int) -> None:
        now = self._monotonic()
        if now > self._until:
            msg = (
                f"the fetch took longer than {self._limits.deadline:g} s; "
                "if the source is that slow, raise IMPORTMGR_SOURCE_DEADLINE_SECONDS"
            )
            raise SourceUnreachableError(msg)
        self._window_size += new
        elapsed = now - self._window_from
        if elapsed < self._limits.rate_window:
            return
        rate = self._window_size / elapsed
        if rate < self._limits.minimum_rate:
            msg = (
                f"the source sends {rate:.0f} bytes a second, less than "
                f"{self._limits.minimum_rate:g}; if it is that slow, lower "
                "IMPORTMGR_SOURCE_MINIMUM_RATE"
            )
            raise SourceUnreachableError(msg)
        self._window_from, self._window_size = now, 0


def receive(response: requests.Response, part: Part, watch: Watch, piece: int) -> None:
    """Write the body of `response` to `part`, as it comes and as it is encoded."""
    while data := response.raw.read1(piece, decode_content=False):
        part.write(data)
        watch.count(len(data), part.size)
    announced = part.identity.size
    if announced is not None and part.size != announced:
        msg = f"the source stopped after {part.size} of {announced} bytes"
        raise SourceUnreachableError(msg)


def in_time(
    call: Callable[[], requests.Response], seconds: float, heartbeat: Callable[[], None]
) -> requests.Response:
    """Return what `call` returns, or raise when it takes longer than `seconds` in all.

    A server that sends its headers byte by byte, or a name server that keeps silent, is waited for
    in a thread of its own: it is left behind when the time is over.
    """
    answer: Future[requests.Response] = Future()
    threading.Thread(target=_answer, args=(call, answer), name="source-answer", daemon=True).start()
    try:
        for _ in range(max(1, round(seconds / BEAT_EVERY))):
            heartbeat()
            if wait([answer], BEAT_EVERY).done:
                return answer.result()
    except BaseException:
        answer.add_done_callback(_close)
        raise
    answer.add_done_callback(_close)
    msg = f"the source did not answer within {seconds:g} s"
    raise SourceUnreachableError(msg)


def _answer(call: Callable[[], requests.Response], answer: Future[requests.Response]) -> None:
    try:
        answer.set_result(call())
    except BaseException as exc:  # noqa: BLE001 - it is raised in the thread that asked
        answer.set_exception(exc)


def _close(answer: Future[requests.Response]) -> None:
    """Close an answer that nobody waits for any more."""
    if answer.exception() is None:
        answer.result().close()
