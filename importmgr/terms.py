"""What parts are told of the settings, in the words of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from definitions.firing import FiringTerms
from definitions.policy import BLOOMREACH, Policy
from importmgr.metrics import Metrics
from importmgr.services.reading import filestorage_settings, url_settings
from importmgr.settings import Settings
from importmgr.store.hits import DatabaseWindow
from importmgr.store.pace import SourcePace
from importmgr.world import World
from sources.spool import Spool
from sources.transfer import Room
from sources.url import UrlSourceSettings

if TYPE_CHECKING:
    from sources.filestorage import FileStorageSettings


def open_spool(settings: Settings) -> Spool:
    """Return where fetched files lie, and how much of them there may be."""
    return Spool(
        settings.data_dir / "spool",
        minimum_free=settings.minimum_free_bytes,
        quota=settings.spool_bytes,
    )


def policy_of(settings: Settings) -> Policy:
    """Return the dialect's policy with this installation's limits."""
    return replace(
        BLOOMREACH,
        max_active_definitions=settings.max_active_definitions,
        max_waiting_runs=settings.max_waiting_runs,
    )


def firing_terms(settings: Settings, world: World) -> FiringTerms:
    """Return what holds for every schedule."""
    return FiringTerms(
        grace=timedelta(seconds=settings.missed_after_seconds),
        most_waiting=settings.max_waiting_runs,
        new_id=world.identity.hex24,
    )


def shared_url_settings(
    settings: Settings, window: DatabaseWindow, room: Room, world: World, metrics: Metrics
) -> UrlSourceSettings:
    """Return what every URL source of this process shares."""
    per_minute, waited = settings.source_requests_per_minute, metrics.pace_kept
    pace = SourcePace(window, per_minute, world.clock, world.identity, waited)
    shared = url_settings(settings, world)
    return replace(shared, pace=pace, room=room, paused=metrics.source_paused)


def file_settings(
    settings: Settings, room: Room, world: World, metrics: Metrics
) -> FileStorageSettings:
    """Return what every file storage of this process shares."""
    return replace(filestorage_settings(settings, world, room), paused=metrics.source_paused)
