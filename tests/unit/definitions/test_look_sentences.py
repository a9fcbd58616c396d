from __future__ import annotations

from definitions.look_sentences import moment, times


def test_times_and_moments_are_told_as_people_read_them() -> None:
    assert (times(1), times(1_204)) == ("once", "1,204 times")
    assert moment("2026-03-29T03:00:00+02:00") == "2026-03-29 01:00:00 UTC"
