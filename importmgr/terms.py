"""What parts are told of the settings, in the words of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from definitions.firing import FiringTerms
from definitions.policy import BLOOMREACH, Policy
from importmgr.services.reading import url_settings
from importmgr.settings import Settings
from importmgr.store.hits import DatabaseWindow
from importmgr.store.pace import SourcePace
from importmgr.world import World
from sources.spool import Spool
from sources.transfer import Room
from sources.url import UrlSourceSettings


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
    settings: Settings, window: DatabaseWindow, room: Room, world: World
) -> UrlSourceSettings:
    """Return what every URL source of this process shares."""
    pace = SourcePace(window, settings.source_requests_per_minute, world.clock, world.identity)
    return replace(url_settings(settings, world), pace=pace, room=room)
