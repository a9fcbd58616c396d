"""Pings: whoever watches an import from outside hears of each good run, and notices silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from definitions.decisions import Decision, DecisionCode
from definitions.errors import TemporaryError
from definitions.retry import RetryPolicy
from importmgr.log import get_logger
from importmgr.metrics import Metrics, TryOutcome
from importmgr.services.reading import address_policy
from importmgr.settings import Settings
from importmgr.store.pings import Ping, PingStore
from importmgr.telling.posting import Poster, Reply
from importmgr.world import World
from sources.answers import shown

log = get_logger(__name__)

RETRY = RetryPolicy(max_attempts=8, first_delay=timedelta(seconds=30), max_delay=timedelta(hours=1))
WAITS_PER_TRY = 3  # for an answer; then somebody else may try


def pinging_of(settings: Settings, pings: PingStore, metrics: Metrics, world: World) -> Pinging:
    """Return what pings as the settings say."""
    timeout = timedelta(seconds=settings.webhook_timeout_seconds)
    poster = Poster(policy=address_policy(settings), seconds=settings.webhook_timeout_seconds)
    fraction = world.identity.fraction
    return Pinging(pings, poster.get, timeout, metrics=metrics, fraction=fraction)


class Pinging:
    """Makes pings; any number of processes may do so at the same time."""

    def __init__(
        self,
        pings: PingStore,
        ask: Callable[[str], Reply],
        timeout: timedelta,
        *,
        metrics: Metrics,
        fraction: Callable[[], float],
    ) -> None:
        """Take the store, what asks for an address, how long that may take, and randomness."""
        self._pings = pings
        self._metrics = metrics
        self._ask = ask
        self._lease = timeout * WAITS_PER_TRY
        self._fraction = fraction

    def deliver_one(self) -> bool:
        """Make the ping that is due longest; tell whether there was one."""
        ping = self._pings.claim(self._lease)
        if ping is not None:
            self._make(ping)
        return ping is not None

    def _make(self, ping: Ping) -> None:
        reply = self._ask(ping.url)
        names = {"definition_id": ping.definition_id, "attempt": ping.attempt}
        if reply.error is None:
            self._pings.settle(ping, None)
            self._metrics.ping_tried(TryOutcome.DELIVERED)
            log.info("pinged", **names)
            return
        unheard = TemporaryError("not heard", retry_after=reply.retry_after)
        delay = RETRY.delay_after(ping.attempt, unheard, self._fraction())
        error = without_path(reply.error, ping.url)
        self._pings.settle(ping, delay, _failed(ping.attempt, error, delay))
        self._metrics.ping_tried(TryOutcome.GIVEN_UP if delay is None else TryOutcome.FAILED)
        log.warning("ping not heard", **names, status=reply.status, error=error, again_in=delay)


def without_path(text: str, url: str) -> str:
    """Return what is said of an address without its path, which may be all of its secret."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    said = text.replace(shown(url), f"{parts.scheme}://{host}/…")
    hidden = parts.path.strip("/")
    return said.replace(hidden, "…") if hidden else said


def _failed(attempt: int, error: str, delay: timedelta | None) -> Decision | None:
    """Return what is told of a try that failed: of many that follow on each other two."""
    if attempt > 1 and delay is not None:
        return None
    seconds = None if delay is None else round(delay.total_seconds())
    facts = {"attempt": attempt, "error": error, "again_seconds": seconds}
    return Decision(code=DecisionCode.PING_FAILED, facts=facts)
