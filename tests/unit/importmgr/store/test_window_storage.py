from __future__ import annotations

from typing import Any

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Engine

from importmgr.store.hits import DatabaseWindow
from importmgr.store.window_storage import WindowStorage
from tests.clocks import HandClock
from tests.stores import NOW


@pytest.fixture
def window(engine: Engine) -> DatabaseWindow:
    return DatabaseWindow(engine, HandClock(NOW))


def test_the_limits_package_counts_in_the_window(window: DatabaseWindow) -> None:
    options: dict[str, Any] = {"window": window}
    storage = storage_from_string("importmgr://", **options)
    assert isinstance(storage, WindowStorage)
    limiter = MovingWindowRateLimiter(storage)
    per_minute = parse("3 per minute")

    assert [limiter.hit(per_minute, "project") for _ in range(4)] == [True, True, True, False]
    assert limiter.get_window_stats(per_minute, "project").remaining == 0
    assert limiter.test(per_minute, "other") is True
    limiter.clear(per_minute, "project")
    assert limiter.hit(per_minute, "project") is True


def test_fixed_windows_are_refused(window: DatabaseWindow) -> None:
    storage = WindowStorage(window=window)

    for refused in (storage.reset, lambda: storage.incr("k", 60), lambda: storage.get("k")):
        with pytest.raises(NotImplementedError):
            refused()
    with pytest.raises(NotImplementedError):
        storage.get_expiry("k")
    assert storage.check() is True
