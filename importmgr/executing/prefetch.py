"""Computing the next batches while the last one is being written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from importmgr.log import get_logger

log = get_logger(__name__)

Item = TypeVar("Item")

POLL_SECONDS: Final = 0.1  # how fast producer and consumer notice that they are to stop
LEAVE_SECONDS: Final = 2.0  # how long a producer is waited for that is in the middle of an item


@dataclass(frozen=True, slots=True)
class _Failed:
    """The producer's error, on its way to the consumer."""

    error: BaseException


class _End:
    """The producer has nothing more."""


def prefetch(
    items: Iterator[Item], ahead: int, heartbeat: Callable[[], None] = lambda: None
) -> Generator[Item]:
    """Yield what `items` yields, in order, computed in a thread.

    While one item is used here, up to `ahead` others are ready or being made. An error of `items`
    is raised here. `heartbeat` is called while an item is awaited; what it raises ends the wait.
    Closing this generator stops the thread, which closes `items` if that is a generator. A thread
    in the middle of an item is waited for a moment and then left to end after it.
    """
    handover = _Handover[Item](ahead)
    thread = threading.Thread(
        target=copy_context().run, args=(handover.produce, items), name="prefetch", daemon=True
    )
    thread.start()
    try:
        yield from handover.consume(heartbeat)
    finally:
        handover.stopped.set()
        thread.join(LEAVE_SECONDS)
        if thread.is_alive():
            log.warning("reader left behind", seconds=LEAVE_SECONDS)


class _Handover(Generic[Item]):
    """The way from producer to consumer."""

    def __init__(self, ahead: int) -> None:
        """Let at most `ahead` items be made or ready that were not taken."""
        self.stopped = threading.Event()
        self._room = threading.Semaphore(ahead)
        self._queue: queue.SimpleQueue[Item | _Failed | _End] = queue.SimpleQueue()

    def produce(self, items: Iterator[Item]) -> None:
        """Put every item, then the end or the error that came instead."""
        try:
            while self._has_room():
                self._queue.put(next(items))
            if isinstance(items, Generator):
                items.close()
        except StopIteration:
            self._queue.put(_End())
        except BaseException as exc:  # noqa: BLE001 - handed over and raised by the consumer
            self._queue.put(_Failed(exc))

    def consume(self, heartbeat: Callable[[], None]) -> Iterator[Item]:
        """Yield items until the end; raise the producer's error, or the heartbeat's."""
        while not isinstance(item := self._get(heartbeat), _End):
            if isinstance(item, _Failed):
                raise item.error
            self._room.release()
            yield item
            del item  # it may be large, and the next one takes its time

    def _get(self, heartbeat: Callable[[], None]) -> Item | _Failed | _End:
        """Wait for an item, with a heartbeat now and then."""
        while True:
            try:
                return self._queue.get(timeout=POLL_SECONDS)
            except queue.Empty:
                heartbeat()

    def _has_room(self) -> bool:
        """Wait until another item may be made; tell whether somebody still listens."""
        while not self.stopped.is_set():
            if self._room.acquire(timeout=POLL_SECONDS):
                return not self.stopped.is_set()
        return False
