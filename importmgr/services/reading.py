"""What the settings say about fetching and reading files, for everybody who does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importmgr.settings import Settings
from importmgr.world import World
from sources.base import ExpandLimits

if TYPE_CHECKING:
    from sources.filestorage import FileStorageSettings
    from sources.guard import AddressPolicy
    from sources.storages.terms import StorageTerms
    from sources.transfer import FetchLimits, Room
    from sources.url import UrlSourceSettings


def expand_limits(settings: Settings) -> ExpandLimits:
    """Return how much a compressed file may grow."""
    return ExpandLimits(max_size=settings.max_file_bytes, max_ratio=settings.unpack_ratio)


def fetch_limits(settings: Settings) -> FetchLimits:
    """Return how much, how long and how slow one fetch may be."""
    from sources.transfer import FetchLimits  # noqa: PLC0415 - files on this machine need none

    return FetchLimits(
        size_cap=settings.max_file_bytes,
        deadline=settings.source_deadline_seconds,
        minimum_rate=settings.source_minimum_rate,
        read_timeout=settings.source_timeout_seconds,
    )


def address_policy(settings: Settings) -> AddressPolicy:
    """Return which addresses may be connected to."""
    from sources.guard import AddressPolicy  # noqa: PLC0415 - as above

    return AddressPolicy(
        allow_private=settings.allow_private_sources, networks=settings.allowed_source_networks
    )


def storage_terms(settings: Settings, world: World) -> StorageTerms:
    """Return what all storages of this process share."""
    from sources.storages.terms import StorageTerms  # noqa: PLC0415 - as above

    return StorageTerms(
        policy=address_policy(settings),
        now=world.clock.now,
        folders=settings.local_folders,
        read_timeout=settings.source_timeout_seconds,
    )


def filestorage_settings(settings: Settings, world: World, room: Room) -> FileStorageSettings:
    """Return how files are taken from storages."""
    from sources.filestorage import FileStorageSettings  # noqa: PLC0415 - as above

    return FileStorageSettings(
        stable_for=settings.file_stable_seconds,
        limits=fetch_limits(settings),
        room=room,
        sleep=world.clock.sleep,
        monotonic=world.clock.monotonic,
        fraction=world.identity.fraction,
    )


def url_settings(settings: Settings, world: World) -> UrlSourceSettings:
    """Return which addresses may be fetched, and how; without a pace and a check of room."""
    from sources.url import UrlSourceSettings  # noqa: PLC0415 - as above

    return UrlSourceSettings(
        policy=address_policy(settings),
        proxy=settings.socks_proxy,
        limits=fetch_limits(settings),
        sleep=world.clock.sleep,
        monotonic=world.clock.monotonic,
        fraction=world.identity.fraction,
    )
