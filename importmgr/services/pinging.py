"""Pings: whoever watches an import from outside hears of each good run, and notices silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from definitions.errors import TemporaryError
from definitions.retry import RetryPolicy
from importmgr.log import get_logger
from importmgr.services.reading import address_policy
from importmgr.settings import Settings
from importmgr.store.pings import Ping, PingStore
from importmgr.telling.posting import Poster, Reply
from importmgr.world import World

log = get_logger(__name__)

RETRY = RetryPolicy(max_attempts=8, first_delay=timedelta(seconds=30), max_delay=timedelta(hours=1))
WAITS_PER_TRY = 3  # for an answer; then somebody else may try


def pinging_of(settings: Settings, pings: PingStore, world: World) -> Pinging:
    """Return what pings as the settings say."""
    seconds = settings.webhook_timeout_seconds
    poster = Poster(policy=address_policy(settings), seconds=seconds)
    return Pinging(pings, poster.get, timedelta(seconds=seconds), world.identity.fraction)


class Pinging:
    """Makes pings; any number of processes may do so at the same time."""

    def __init__(
        self,
        pings: PingStore,
        ask: Callable[[str], Reply],
        timeout: timedelta,
        fraction: Callable[[], float],
    ) -> None:
        """Take the store, what asks for an address, how long that may take, and randomness."""
        self._pings = pings
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
            log.info("pinged", **names)
            return
        unheard = TemporaryError("not heard", retry_after=reply.retry_after)
        delay = RETRY.delay_after(ping.attempt, unheard, self._fraction())
        self._pings.settle(ping, delay)
        # its text may hold the address, which may hold a token
        log.warning("ping not heard", **names, status=reply.status, again_in=delay)
