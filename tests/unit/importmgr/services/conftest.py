from __future__ import annotations

import pytest


@pytest.fixture
def one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PostgreSQL's clock, which cannot be set, show what the clock of the test shows."""
    monkeypatch.setattr("importmgr.store.schedules.present", lambda _, ours: ours)
