"""What the settings say about fetching and reading files, for everybody who does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importmgr.settings import Settings
from importmgr.world import World
from sources.base import ExpandLimits

if TYPE_CHECKING:
    from sources.url import UrlSourceSettings


def expand_limits(settings: Settings) -> ExpandLimits:
    """Return how much a compressed file may grow."""
    return ExpandLimits(max_size=settings.max_file_bytes, max_ratio=settings.unpack_ratio)


def url_settings(settings: Settings, world: World) -> UrlSourceSettings:
    """Return which addresses may be fetched, and how; without a pace and a check of room."""
    from sources.guard import AddressPolicy  # noqa: PLC0415 - files on this machine need none
    from sources.transfer import FetchLimits  # noqa: PLC0415 - as above
    from sources.url import UrlSourceSettings  # noqa: PLC0415 - as above

    return UrlSourceSettings(
        policy=AddressPolicy(
            allow_private=settings.allow_private_sources, networks=settings.allowed_source_networks
        ),
        proxy=settings.socks_proxy,
        limits=FetchLimits(
            size_cap=settings.max_file_bytes,
            deadline=settings.source_deadline_seconds,
            minimum_rate=settings.source_minimum_rate,
            read_timeout=settings.source_timeout_seconds,
        ),
        sleep=world.clock.sleep,
        monotonic=world.clock.monotonic,
        fraction=world.identity.fraction,
    )
