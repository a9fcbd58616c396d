"""The courier: takes what is due to be delivered, sends it, and writes down what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from definitions.delivery import DeliveryState, Try, settle
from importmgr.log import get_logger
from importmgr.metrics import Metrics, TryOutcome
from importmgr.store.deliveries import DeliveryStore, Errand
from importmgr.telling.channel import Channel
from importmgr.world import World

log = get_logger(__name__)

WAITS_PER_TRY = 15  # for an answer: a mail has many, each as long as the settings allow
OUTCOMES = MappingProxyType(
    {
        DeliveryState.DELIVERED: TryOutcome.DELIVERED,
        DeliveryState.PENDING: TryOutcome.FAILED,
        DeliveryState.FAILED: TryOutcome.GIVEN_UP,
    }
)


class Courier:
    """Makes deliveries; any number of processes may do so at the same time."""

    def __init__(
        self,
        deliveries: DeliveryStore,
        channels: Mapping[str, Channel],
        timeout: timedelta,
        *,
        metrics: Metrics,
        world: World,
    ) -> None:
        """Take the store, the ways to tell, and how long a receiver may take to answer."""
        self._deliveries = deliveries
        self._channels = channels
        self._lease = timeout * WAITS_PER_TRY
        self._metrics = metrics
        self._identity = world.identity
        self._clock = world.clock

    def deliver_one(self) -> bool:
        """Make the delivery that is due longest; tell whether there was one."""
        errand = self._deliveries.claim(self._lease)
        if errand is not None:
            self._deliver(errand)
        return errand is not None

    def _deliver(self, errand: Errand) -> None:
        receiver = errand.receiver
        made = self._send(errand)
        settlement = settle(errand.attempt, made, receiver.record, self._identity.fraction())
        names = {
            "receiver_id": receiver.id,
            "notice_id": errand.notice_id,
            "type": errand.type,
            "attempt": errand.attempt,
        }
        self._metrics.delivery_tried(receiver.kind, OUTCOMES[settlement.state])
        if not self._deliveries.settle(errand, made, settlement):
            log.warning("delivery lost", **names)
        elif made.error is None:
            log.info("delivered", **names, status=made.status)
        else:
            log.warning("delivery failed", **names, error=made.error, state=settlement.state)
        if settlement.disabled is not None:
            log.error("receiver disabled", receiver_id=receiver.id, reason=settlement.disabled)

    def _send(self, errand: Errand) -> Try:
        """Send it; a process of an older release may not know how, and leaves it to others."""
        kind = errand.receiver.kind
        if kind not in self._channels:
            error = f"this process knows no way to tell a receiver of the kind {kind!r}: update it"
            return Try(at=self._clock.now(), milliseconds=0.0, error=error)
        return self._channels[kind].send(errand.receiver, errand.notice_id, errand.body)
