from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from definitions.errors import LostLeaseError, SourceRefusedError, SourceUnreachableError
from sources.part import NOTHING, Part
from sources.transfer import (
    DISK_EVERY,
    ROOM_EVERY,
    AnyRoom,
    FetchLimits,
    Room,
    Watch,
    in_time,
    receive,
)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Asked(AnyRoom):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.questions: list[object] = []

    def announce(self, part: Path, total: int) -> None:
        self.questions.append((part.name, total))

    def leave(self, part: Path) -> None:
        self.questions.append(f"{part.name} left")

    def check_room(self) -> None:
        self.questions.append("as it is")

    def check_disk(self) -> None:
        self.questions.append("disk")


def watch(clock: Clock, room: Room | None = None, **limits: float) -> Watch:
    return Watch(
        FetchLimits(**limits),  # type: ignore[arg-type]
        monotonic=clock,
        room=room or AnyRoom(),
    )


def part_of(folder: Path, total: int | None, here: int = 0) -> Part:
    part = Part(folder / "0")
    part.restart(replace(NOTHING, size=total))
    part.write(b"x" * here)
    return part


def test_the_deadline_counts_from_the_beginning_of_the_fetch(clock: Clock) -> None:
    watched = watch(clock, deadline=10.0)
    clock.now += 9
    assert watched.left == pytest.approx(1.0)
    watched.count(1, 1)
    clock.now += 2
    with pytest.raises(SourceUnreachableError, match=r"longer than 10 s.*SOURCE_DEADLINE_SECONDS"):
        watched.count(1, 2)


def test_the_rate_is_measured_over_whole_windows(clock: Clock) -> None:
    watched = watch(clock, minimum_rate=100.0, rate_window=10.0)
    clock.now += 9
    watched.count(0, 0)
    clock.now += 1
    watched.count(1000, 1000)
    clock.now += 10
    with pytest.raises(SourceUnreachableError, match=r"99 bytes a second, less than 100;.*lower"):
        watched.count(990, 1990)


def test_the_size_is_checked_as_announced_and_as_received(clock: Clock, tmp_path: Path) -> None:
    watched = watch(clock, size_cap=10)
    with part_of(tmp_path, 10) as part:
        watched.expect(part)
        part.restart(replace(NOTHING, size=11))
        with pytest.raises(SourceRefusedError, match="larger than 10 bytes"):
            watched.expect(part)
        part.restart(NOTHING)
        watched.expect(part)
    with pytest.raises(SourceRefusedError, match="larger than 10 bytes"):
        watched.count(11, 11)


@pytest.mark.parametrize(
    ("total", "asked"),
    [
        (100, [("0.part", 100), "disk", "disk", "as it is", "disk", "0.part left"]),
        (None, [("0.part", 30), "disk", "disk", ("0.part", 40), "disk", "0.part left"]),
    ],
)
def test_room_is_asked_for_and_again_now_and_then(
    total: int | None, asked: list[object], clock: Clock, tmp_path: Path
) -> None:
    room = Asked()
    watched = watch(clock, room)
    with part_of(tmp_path, total, here=30) as part:
        watched.expect(part)
    watched.count(DISK_EVERY, 37)
    watched.count(ROOM_EVERY - DISK_EVERY - 1, 39)
    watched.count(1, 40)
    for here in (41, 42):
        watched.count(DISK_EVERY // 2, here)
    watched.leave()
    watched.leave()
    assert room.questions == asked


class Answer(requests.Response):
    closed = False

    def close(self) -> None:
        self.closed = True


def test_an_answer_in_time_is_returned_and_an_error_raised() -> None:
    answer = Answer()
    assert in_time(lambda _: answer, 5, lambda: None) is answer

    def fail(_: Callable[[], None]) -> requests.Response:
        msg = "no"
        raise SourceRefusedError(msg)

    with pytest.raises(SourceRefusedError, match="no"):
        in_time(fail, 5, lambda: None)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_that_comes_too_late_is_closed(gate: threading.Event) -> None:
    late = Answer()

    def wait(_: Callable[[], None]) -> requests.Response:
        gate.wait()
        return late

    with pytest.raises(SourceUnreachableError, match=r"no answer within 0\.5 s"):
        in_time(wait, 0.5, lambda: None)
    _end_of_waiting(gate)
    assert late.closed


def test_whoever_may_stop_the_wait_is_asked_while_waiting(gate: threading.Event) -> None:
    late = Answer()

    def wait(_: Callable[[], None]) -> requests.Response:
        gate.wait()
        return late

    def stop() -> None:
        msg = "stop"
        raise LostLeaseError(msg)

    with pytest.raises(LostLeaseError):
        in_time(wait, 60, stop)
    _end_of_waiting(gate)
    assert late.closed


def test_a_call_that_nobody_waits_for_is_told_so(gate: threading.Event) -> None:
    asked: list[str] = []

    def wait(go_on: Callable[[], None]) -> requests.Response:
        go_on()
        asked.append("before")
        gate.wait()
        go_on()
        asked.append("after")
        return Answer()

    with pytest.raises(SourceUnreachableError, match="no answer within"):
        in_time(wait, 0.5, lambda: None)
    _end_of_waiting(gate)
    assert asked == ["before"]


class SealedRaw:
    """A body that is silent after some bytes, and once it is shut down gives what TLS has sealed.

    A real one does so only if it is shut down between two reads.
    """

    def __init__(self) -> None:
        self._first = True
        self._shut = threading.Event()

    def read1(self, size: int, *, decode_content: bool) -> bytes:
        assert not decode_content
        if self._first:
            self._first = False
            return b"plain"[:size]
        return b"sealed" if self._shut.wait(10) else b""

    def shutdown(self) -> None:
        self._shut.set()


def test_nothing_that_comes_after_the_stop_is_written(clock: Clock, tmp_path: Path) -> None:
    answer = Answer()
    answer.raw = SealedRaw()

    def stop() -> None:
        msg = "stop"
        raise LostLeaseError(msg)

    with Part(tmp_path / "0") as part:
        part.restart(NOTHING)
        with pytest.raises(LostLeaseError):
            receive(answer, part, watch(clock), 100, stop)
    assert (tmp_path / "0.part").read_bytes() in {b"", b"plain"}


def _end_of_waiting(gate: threading.Event) -> None:
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "source":
            thread.join(5)
