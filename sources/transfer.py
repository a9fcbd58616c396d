"""The limits of a fetch, and receiving the body of an answer within them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import requests

from definitions.errors import SourceRefusedError, SourceUnreachableError
from sources.part import Part


class HasClose(Protocol):
    """Something that somebody has to close."""

    def close(self) -> None:
        """Give back what it holds."""


Result = TypeVar("Result")
Closeable = TypeVar("Closeable", bound=HasClose)

ROOM_EVERY = 64 << 20  # what all files take is added up
DISK_EVERY = 1 << 20  # what the disk has left is asked, which costs nothing
BEAT_EVERY = 0.5


class Room(Protocol):
    """What says whether bytes may be written, and raises where they may not."""

    def announce(self, part: Path, total: int) -> None:
        """Return if `part` may become `total` bytes long; others find that much less room."""

    def leave(self, part: Path) -> None:
        """Take back what was announced for `part`, if it was."""

    def check_room(self) -> None:
        """Return if what lies there now leaves room still."""

    def check_disk(self) -> None:
        """Return if the disk has room still."""


class AnyRoom:
    """Lets everything be written."""

    def announce(self, part: Path, total: int) -> None:
        """Return."""

    def leave(self, part: Path) -> None:
        """Do nothing."""

    def check_room(self) -> None:
        """Return."""

    def check_disk(self) -> None:
        """Return."""


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
    """Watches one fetch: its deadline, its rate, its size and the room for it."""

    def __init__(
        self,
        limits: FetchLimits,
        *,
        monotonic: Callable[[], float],
        room: Room,
    ) -> None:
        self._limits, self._monotonic, self._room = limits, monotonic, room
        self._until = monotonic() + limits.deadline
        self._window_from, self._window_size = monotonic(), 0
        self._since_room = self._since_disk = 0
        self._part: Path | None = None
        self._total: int | None = None

    @property
    def left(self) -> float:
        """Return the seconds until the deadline."""
        return self._until - self._monotonic()

    def expect(self, part: Part) -> None:
        """Check size and room for the body that goes on with `part`; take the room until `leave`.

        A body of unknown length takes none, and is looked at beside all others as it comes.
        """
        self._window_from, self._window_size = self._monotonic(), 0
        self._part, self._total = part.path, part.identity.size
        self._check_size(self._total or 0)
        self._room.announce(self._part, part.size if self._total is None else self._total)

    def leave(self) -> None:
        """Let others have the room of a body that does not come now."""
        part, self._part = self._part, None
        if part is not None:
            self._room.leave(part)

    def count(self, new: int, here: int) -> None:
        """Check everything after `new` more bytes, `here` in all."""
        self._check_size(here)
        self._check_time(new)
        self._since_room += new
        self._since_disk += new
        if self._since_room >= ROOM_EVERY:
            self._since_room = self._since_disk = 0
            self._look_for_room(here)
        elif self._since_disk >= DISK_EVERY:
            self._since_disk = 0
            self._room.check_disk()

    def _check_size(self, size: int) -> None:
        if size > self._limits.size_cap:
            msg = (
                f"the file is larger than {self._limits.size_cap} bytes; "
                "split it or raise IMPORTMGR_MAX_FILE_BYTES"
            )
            raise SourceRefusedError(msg)

    def _look_for_room(self, here: int) -> None:
        """Look at the room once more; who was let in with a length is not sent away for others."""
        if self._part is not None and self._total is None:
            self._room.announce(self._part, here)
        else:
            self._room.check_room()

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


def receive(
    response: requests.Response, part: Part, watch: Watch, piece: int, heartbeat: Callable[[], None]
) -> None:
    """Write the body of `response` to `part`, as it comes and as it is encoded."""

    def wake() -> None:
        with suppress(OSError, RuntimeError, ValueError):  # there may be nothing left to wake
            response.raw.shutdown()

    write_attended(_pieces(response, piece), part, watch, heartbeat, wake)


def write_attended(
    pieces: Iterator[bytes],
    part: Part,
    watch: Watch,
    heartbeat: Callable[[], None],
    wake: Callable[[], None],
) -> None:
    """Write everything that comes to `part`, which must then have the size it was announced with.

    It is written by a thread of its own, so that `heartbeat` is called however long the source is
    silent; what that raises ends the thread, which `wake` wakes if it waits. The thread has ended
    when this returns or raises.
    """
    stopped = threading.Event()
    written = _start(lambda: _write(pieces, part, watch, stopped))
    try:
        _attend(written, heartbeat)
    except BaseException:
        stopped.set()
        wake()
        wait([written])
        raise


def in_time(
    call: Callable[[Callable[[], None]], Closeable],
    seconds: float,
    heartbeat: Callable[[], None],
) -> Closeable:
    """Return what `call` returns, or raise when it takes longer than `seconds` in all.

    A server that sends its headers byte by byte, or a name server that keeps silent, is waited for
    in a thread of its own: it is left behind when the time is over. What `call` is given raises
    from then on.
    """
    stopped = threading.Event()
    answer = _start(lambda: call(lambda: _go_on(stopped)))
    try:
        return _attend(answer, heartbeat, seconds)
    except BaseException:
        stopped.set()
        answer.add_done_callback(_close)
        raise


def _attend(
    result: Future[Result], heartbeat: Callable[[], None], seconds: float = math.inf
) -> Result:
    """Return the result or raise its error, calling `heartbeat` as long as it is awaited."""
    beats = 0
    while not wait([result], BEAT_EVERY if beats else 0).done:
        if beats * BEAT_EVERY >= seconds:
            msg = f"there was no answer within {seconds:g} s"
            raise SourceUnreachableError(msg)
        heartbeat()
        beats += 1
    return result.result()


def _start(call: Callable[[], Result]) -> Future[Result]:
    """Begin `call` in a thread of its own and return where its result will be."""
    result: Future[Result] = Future()
    threading.Thread(target=_keep, args=(call, result), name="source", daemon=True).start()
    return result


def _keep(call: Callable[[], Result], result: Future[Result]) -> None:
    try:
        result.set_result(call())
    except BaseException as exc:  # noqa: BLE001 - it is raised in the thread that asked
        result.set_exception(exc)


def _go_on(stopped: threading.Event) -> None:
    if stopped.is_set():
        msg = "nobody waits for this answer any more"
        raise SourceUnreachableError(msg)


def _close(answer: Future[Closeable]) -> None:
    """Close an answer that nobody waits for any more."""
    if answer.exception() is None:
        answer.result().close()


def _pieces(response: requests.Response, size: int) -> Iterator[bytes]:
    """Yield the body as it comes."""
    while data := response.raw.read1(size, decode_content=False):
        yield data


def _write(pieces: Iterator[bytes], part: Part, watch: Watch, stopped: threading.Event) -> None:
    for data in pieces:
        if stopped.is_set():  # asked after reading: TLS that is shut down gives bytes still sealed
            return
        part.write(data)
        watch.count(len(data), part.size)
    announced = part.identity.size
    if announced is not None and part.size != announced:
        msg = f"the source stopped after {part.size} of {announced} bytes"
        raise SourceUnreachableError(msg)
