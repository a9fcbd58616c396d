"""The pulse: an address outside is asked for again and again, as long as the ticker is well.

A machine that is dead tells nobody. Whoever watches that address notices that it fell silent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from definitions.errors import PermanentError
from importmgr.log import get_logger
from importmgr.metrics import Metrics
from importmgr.services.reading import address_policy
from importmgr.settings import Settings
from importmgr.telling.posting import Poster

log = get_logger(__name__)


class Pulse:
    """Asks for `url` every so often; what goes wrong is a line in the log and a figure."""

    def __init__(
        self,
        poster: Poster,
        url: str,
        *,
        every: timedelta,
        check: Callable[[], None],
        metrics: Metrics,
    ) -> None:
        """Take what asks, and what raises `PermanentError` unless all is well."""
        self._poster = poster
        self._url = url
        self._every = every
        self._check = check
        self._metrics = metrics
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._stop.set()

    def beat(self) -> bool:
        """Ask once, unless something is not well; tell whether it was answered."""
        try:
            self._check()
        except PermanentError as exc:
            log.warning("pulse withheld", error=str(exc))
            return False
        reply = self._poster.get(self._url)
        self._metrics.pulse_sent(successful=reply.error is None)
        if reply.error is not None:
            log.warning("pulse not heard", status=reply.status)  # its text may hold the address
        return reply.error is None

    def _work(self) -> None:
        """Ask again and again; whatever goes wrong may not end it."""
        while not self._stop.is_set():
            try:
                self.beat()
            except BaseException:
                log.exception("pulse stumbled")
            self._stop.wait(self._every.total_seconds())


def open_pulse(settings: Settings, check: Callable[[], None], metrics: Metrics) -> Pulse | None:
    """Return the pulse that the settings ask for, if they do."""
    if settings.alive_url is None:
        return None
    poster = Poster(policy=address_policy(settings), seconds=settings.webhook_timeout_seconds)
    every = timedelta(seconds=settings.alive_seconds)
    return Pulse(poster, settings.alive_url, every=every, check=check, metrics=metrics)
