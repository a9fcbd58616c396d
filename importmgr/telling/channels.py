"""The channels of one process, opened with what it gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from definitions.delivery import Try
from definitions.errors import SettingsError
from importmgr.clock import Clock
from importmgr.security.sealing import Sealer
from importmgr.settings import Settings
from importmgr.store.receivers import StoredReceiver
from importmgr.telling.channel import Channel, ChannelKind, Means
from importmgr.telling.posting import Poster
from importmgr.telling.registry import channels
from sources.guard import AddressPolicy


def open_channels(
    settings: Settings, policy: AddressPolicy, sealer: Sealer, clock: Clock
) -> Mapping[str, Channel]:
    """Return every channel by its name; nothing is connected to."""
    poster = Poster(policy=policy, seconds=settings.webhook_timeout_seconds)
    means = Means(settings=settings, poster=poster, sealer=sealer, clock=clock)
    return {kind.name: _opened(kind, means) for kind in channels()}


def _opened(kind: ChannelKind, means: Means) -> Channel:
    opened = kind.open(means)
    if not kind.hidden:
        return opened
    return Unhiding(channel=opened, sealer=means.sealer, clock=means.clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unhiding:
    """Gives a channel documents with their hidden members."""

    channel: Channel
    sealer: Sealer
    clock: Clock

    def send(self, receiver: StoredReceiver, notice_id: str, body: str) -> Try:
        """Send the notice once, if what is hidden can be read."""
        try:
            hidden = self.sealer.decrypt_hidden(receiver.id, receiver.secret)
        except SettingsError as exc:
            return Try(at=self.clock.now(), milliseconds=0.0, error=str(exc))
        whole = replace(receiver, document={**receiver.document, **hidden})
        return self.channel.send(whole, notice_id, body)
