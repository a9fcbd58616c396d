from __future__ import annotations

from datetime import UTC, datetime, timedelta

from definitions.watching import SightState
from sources.base import RemoteFile
from sources.watching import Judgement, Look, Sight, fresh, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STABLE = timedelta(seconds=30)
FILE = RemoteFile(path="a.csv", size=10, modified_at=NOW, etag=None)
GROWN = RemoteFile(path="a.csv", size=20, modified_at=NOW, etag=None)


def look(now: datetime = NOW, clock: datetime | None = None, marker: str | None = None) -> Look:
    return Look(
        now=now, storage_clock=clock, stable_for=STABLE, marker=marker, marked=frozenset({"m.csv"})
    )


def seen(state: SightState = SightState.SEEN, *, busy: bool = False) -> Sight:
    return Sight(file=FILE, since=NOW, state=state, busy=busy)


def codes(judged: Judgement) -> list[str]:
    return [decision.code for decision in judged.decisions]


def test_a_file_that_was_taken_is_fresh_again_when_it_changes_and_its_run_has_ended() -> None:
    taken = seen(SightState.TAKEN)
    busy = seen(SightState.TAKEN, busy=True)

    assert fresh([FILE], {}) == ((FILE, None),)
    assert fresh([FILE], {"a.csv": taken}) == ()
    assert fresh([GROWN], {"a.csv": taken}) == ((GROWN, taken),)
    assert fresh([GROWN], {"a.csv": busy}) == ()


def test_a_new_file_is_remembered_and_told_once() -> None:
    first = judge([(FILE, None)], look())
    again = judge([(FILE, first.sights[0])], look(NOW + timedelta(seconds=29)))

    assert (first.ready, first.sights, codes(first)) == ((), (seen(),), ["file_seen"])
    assert again == Judgement(ready=(), sights=(), decisions=())


def test_two_looks_far_enough_apart_prove_that_it_is_ready() -> None:
    judged = judge([(FILE, seen())], look(NOW + STABLE))

    assert [(ready.file, ready.proof) for ready in judged.ready] == [(FILE, "looks")]


def test_a_change_begins_the_wait_anew_and_is_told_once() -> None:
    later = NOW + timedelta(seconds=40)

    changed = judge([(GROWN, seen())], look(later))
    again = judge([(FILE, changed.sights[0])], look(later + STABLE))

    assert changed.ready == again.ready == ()
    assert (changed.sights[0].since, codes(changed)) == (later, ["file_changing"])
    assert (again.sights[0].since, codes(again)) == (later + STABLE, [])


def test_a_file_that_was_taken_and_changed_is_new() -> None:
    judged = judge([(GROWN, seen(SightState.TAKEN))], look(NOW + STABLE * 9))

    assert (judged.ready, codes(judged)) == ((), ["file_seen"])


def test_the_clock_of_the_storage_proves_that_it_is_ready() -> None:
    young = judge([(FILE, None)], look(clock=NOW + timedelta(seconds=29)))
    old = judge([(FILE, None)], look(clock=NOW + STABLE))

    assert young.ready == ()
    assert [ready.proof for ready in old.ready] == ["age"]


def test_a_marker_alone_decides_where_one_is_asked_for() -> None:
    marked = RemoteFile(path="m.csv", size=1, modified_at=NOW, etag=None)

    judged = judge([(FILE, None), (marked, None)], look(clock=NOW + STABLE, marker=".done"))
    again = judge([(GROWN, judged.sights[0])], look(NOW + STABLE, marker=".done"))

    assert [(ready.file.path, ready.proof) for ready in judged.ready] == [("m.csv", "marker")]
    assert (codes(judged), codes(again)) == (["file_unmarked"], [])
