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
    items: Iterator[Item], depth: int, heartbeat: Callable[[], None] = lambda: None
) -> Generator[Item]:
    """Yield what `items` yields, in order, computed up to `depth` ahead in a thread.

    An error of `items` is raised here. `heartbeat` is called while an item is awaited; what it
    raises ends the wait. Closing this generator stops the thread; one that is in the middle of an
    item is waited for a moment and then left to end after it.
    """
    handover = _Handover[Item](depth)
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
    """The bounded queue between producer and consumer."""

    def __init__(self, depth: int) -> None:
        """Hold at most `depth` items."""
        self.stopped = threading.Event()
        self._queue: queue.Queue[Item | _Failed | _End] = queue.Queue(depth)

    def produce(self, items: Iterator[Item]) -> None:
        """Put every item, then the end or the error that came instead."""
        try:
            for item in items:
                if not self._put(item):
                    return
                del item  # it may be large, and the next one takes its time
        except BaseException as exc:  # noqa: BLE001 - handed over and raised by the consumer
            self._put(_Failed(exc))
        else:
            self._put(_End())

    def consume(self, heartbeat: Callable[[], None]) -> Iterator[Item]:
        """Yield items until the end; raise the producer's error, or the heartbeat's."""
        while not isinstance(item := self._get(heartbeat), _End):
            if isinstance(item, _Failed):
                raise item.error
            yield item
            del item  # as above

    def _get(self, heartbeat: Callable[[], None]) -> Item | _Failed | _End:
        """Wait for an item, with a heartbeat now and then."""
        while True:
            try:
                return self._queue.get(timeout=POLL_SECONDS)
            except queue.Empty:
                heartbeat()

    def _put(self, item: Item | _Failed | _End) -> bool:
        """Wait for a place; tell whether somebody still listens."""
        while not self.stopped.is_set():
            try:
                self._queue.put(item, timeout=POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False
