from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from definitions.errors import (
    ShutdownError,
    SourceRefusedError,
    SourceUnreachableError,
    SpoolBusyError,
    StalledError,
)
from definitions.retry import RetryPolicy
from sources.base import SpooledFile
from sources.part import NOTHING, Part
from sources.spool import Spool
from sources.transfer import AnyRoom, FetchLimits, Watch
from sources.trying import Patience, keep_trying, nap, open_part
from tests.clocks import HandClock
from tests.unit.sources.files import NOW, remote

RETRY = RetryPolicy(
    max_attempts=3, first_delay=timedelta(seconds=2), max_delay=timedelta(seconds=30)
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


def tried(
    clock: HandClock, into: Path, once: Callable[[Part], SpooledFile], longest: float = 60
) -> SpooledFile:
    watch = Watch(FetchLimits(), monotonic=clock.monotonic, room=AnyRoom())
    patience = Patience(retry=RETRY, longest_pause=longest, sleep=clock.sleep, fraction=lambda: 0)
    with Part(into) as part:
        return keep_trying(lambda: once(part), part, watch, patience, lambda: None)


def unreachable(_: Part) -> SpooledFile:
    msg = "away"
    raise SourceUnreachableError(msg)


def opened(into: Path, sleep: Callable[[float], None]) -> SpooledFile | Part:
    patience = Patience(retry=RETRY, longest_pause=60, sleep=sleep, fraction=lambda: 0)
    return open_part(remote("a"), into, patience, lambda: None)


def test_each_pause_is_told_with_what_it_is_for(clock: HandClock, tmp_path: Path) -> None:
    told = []
    patience = Patience(
        retry=RETRY,
        longest_pause=60,
        sleep=clock.sleep,
        fraction=lambda: 0,
        paused=lambda error, pause: told.append((str(error), pause.total_seconds())),
    )
    watch = Watch(FetchLimits(), monotonic=clock.monotonic, room=AnyRoom())

    with Part(tmp_path / "0") as part, pytest.raises(SourceUnreachableError):
        keep_trying(lambda: unreachable(part), part, watch, patience, lambda: None)

    assert told == [("away", 2), ("away", 4)]


def test_a_part_is_waited_for_until_the_attempt_before_lets_go(
    clock: HandClock, tmp_path: Path
) -> None:
    stopped = Part(tmp_path / "0")
    stopped.write(b"abc")

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if len(clock.slept) == 3:
            stopped.finish(remote("a"))
            stopped.__exit__()

    found = opened(tmp_path / "0", sleep)

    assert isinstance(found, SpooledFile)
    assert (found.size, sum(clock.slept)) == (3, 0.75)


def test_a_part_that_nobody_lets_go_of_is_left_for_now(clock: HandClock, tmp_path: Path) -> None:
    with Part(tmp_path / "0"), pytest.raises(SpoolBusyError, match="still writes the file"):
        opened(tmp_path / "0", clock.sleep)

    assert sum(clock.slept) == 10


def test_tries_without_progress_are_counted(clock: HandClock, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachableError, match="away"):
        tried(clock, tmp_path / "0", unreachable)

    assert sum(clock.slept) == 2 + 4


def test_tries_that_get_further_are_not(clock: HandClock, tmp_path: Path) -> None:
    def once(part: Part) -> SpooledFile:
        part.write(b"x")
        if part.size < 10:
            unreachable(part)
        return part.finish(remote("a"))

    assert tried(clock, tmp_path / "0", once).size == 10


def test_what_will_not_pass_is_not_tried_again(clock: HandClock, tmp_path: Path) -> None:
    def once(_: Part) -> SpooledFile:
        msg = "no"
        raise SourceRefusedError(msg)

    with pytest.raises(SourceRefusedError):
        tried(clock, tmp_path / "0", once)

    assert clock.slept == []


def test_a_long_pause_is_left_to_whoever_asked(clock: HandClock, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachableError):
        tried(clock, tmp_path / "0", unreachable, longest=1)

    assert clock.slept == []


def test_a_run_that_stalls_between_two_tries_says_what_the_source_said(
    clock: HandClock, tmp_path: Path
) -> None:
    patience = Patience(retry=RETRY, longest_pause=60, sleep=clock.sleep, fraction=lambda: 0)
    watch = Watch(FetchLimits(), monotonic=clock.monotonic, room=AnyRoom())

    def heartbeat() -> None:
        msg = "no byte came"
        raise StalledError(msg)

    with (
        Part(tmp_path / "0") as part,
        pytest.raises(StalledError, match="no byte came; what the source said last: away"),
    ):
        keep_trying(lambda: unreachable(part), part, watch, patience, heartbeat)


def test_while_a_fetch_naps_its_room_is_for_others(clock: HandClock, tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota=1000)
    let_in: list[float] = []

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        spool.announce(tmp_path / "other.part", 1000)
        spool.leave(tmp_path / "other.part")
        let_in.append(seconds)

    def announced(part: Part, watch: Watch) -> SpooledFile:
        part.restart(replace(NOTHING, size=900))
        part.path.with_name(f"{part.path.name}.json").unlink()  # it takes room, too
        watch.expect(part)
        return unreachable(part)

    patience = Patience(retry=RETRY, longest_pause=60, sleep=sleep, fraction=lambda: 0)
    watch = Watch(FetchLimits(), monotonic=clock.monotonic, room=spool)
    with Part(tmp_path / "0") as part, pytest.raises(SourceUnreachableError):
        keep_trying(partial(announced, part, watch), part, watch, patience, lambda: None)

    assert let_in


def test_a_nap_is_ended_by_the_heartbeat(clock: HandClock) -> None:
    def heartbeat() -> None:
        if sum(clock.slept) >= 3:
            msg = "stopping"
            raise ShutdownError(msg)

    with pytest.raises(ShutdownError):
        nap(60, clock.sleep, heartbeat)

    assert sum(clock.slept) == 3
