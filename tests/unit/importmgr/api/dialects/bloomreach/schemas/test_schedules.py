"""An instant as the answer names its parts."""

from __future__ import annotations

from datetime import UTC, datetime

from definitions.schedule import next_fire
from importmgr.api.dialects.bloomreach.schemas.schedules import render_fire
from tests.schedules import schedule


def test_an_instant_has_its_offset_and_its_note() -> None:
    trigger = schedule("daily", (2, 30))
    shown = []
    for day in (27, 28):
        fire = next_fire(trigger, datetime(2026, 3, day, 12, tzinfo=UTC))
        assert fire is not None
        shown.append(render_fire(fire))

    assert shown == [
        {"at": 1774661400, "local": "2026-03-28T02:30:00+01:00", "note": None},
        {"at": 1774746000, "local": "2026-03-29T03:00:00+02:00", "note": "gap"},
    ]
