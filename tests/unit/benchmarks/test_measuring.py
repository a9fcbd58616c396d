"""A process is measured from its start to its end, with its memory and without ours."""

from __future__ import annotations

import sys

import pytest

from benchmarks.measuring import BenchmarkError, Command, TooLongError, measure, run

MIB = 1 << 20


def test_peak_memory_is_that_of_the_process() -> None:
    small = measure(_python("pass"))
    large = measure(_python("b'x' * (200 << 20)"))

    assert small.peak_bytes < 50 * MIB
    assert 200 * MIB < large.peak_bytes < 250 * MIB


def test_time_and_what_was_said_are_kept() -> None:
    done = measure(_python("import sys, time; time.sleep(0.3); print('well'); sys.exit(3)"))

    assert done.seconds >= 0.3
    assert (done.code, done.said) == (3, "well\n")


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TooLongError, match="took longer"):
        measure(_python("import time; time.sleep(60)"), longest=0.5)


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(BenchmarkError, match="'no-such-program' could not be run"):
        measure(Command(words=["no-such-program"]))


def test_what_must_succeed_fails_loudly() -> None:
    with pytest.raises(BenchmarkError, match=r"(?s)ended with 1: .*ZeroDivisionError"):
        run(_python("1 / 0"))


def _python(code: str) -> Command:
    return Command(words=[sys.executable, "-c", code])
