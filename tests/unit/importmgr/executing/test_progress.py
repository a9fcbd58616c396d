from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import StalledError
from importmgr.executing.progress import Progress
from tests.clocks import HandClock
from tests.stores import NOW

LIMIT = timedelta(seconds=100)


class Watched:
    """Progress of a run of which a test says how many bytes were fetched."""

    def __init__(self) -> None:
        self.bytes = 0
        self.clock = HandClock(NOW)
        self.progress = Progress(LIMIT, fetched=lambda: self.bytes, clock=self.clock)

    def after(self, seconds: float) -> bool:
        """Let time pass and tell whether the run counts as stalled then."""
        self.clock.move(seconds)
        try:
            self.progress.check()
        except StalledError:
            return True
        return False


def test_a_run_without_a_byte_and_a_batch_is_stalled_after_the_limit() -> None:
    watched = Watched()

    assert [watched.after(49), watched.after(49), watched.after(12)] == [False, False, True]


def test_who_tries_again_by_itself_is_stopped_all_the_same() -> None:
    watched = Watched()

    assert [watched.after(100), watched.after(0)] == [True, True]


def test_bytes_are_progress() -> None:
    watched = Watched()
    for _ in range(10):
        watched.bytes += 1
        assert not watched.after(60)

    assert watched.after(101)


def test_batches_are_progress() -> None:
    watched = Watched()
    for _ in range(10):
        assert not watched.after(60)
        watched.progress.advanced()

    assert watched.after(101)


def test_the_error_says_what_may_be_done() -> None:
    watched = Watched()
    watched.clock.move(100)

    with pytest.raises(StalledError, match=r"loaded for 100 s; .* stall_timeout or raise "):
        watched.progress.check()
