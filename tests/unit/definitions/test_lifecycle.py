from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import ConflictError
from definitions.lifecycle import (
    COMMANDS,
    HELD,
    MOVES,
    TERMINAL,
    WAITING,
    RunCommand,
    RunState,
    check_move,
    refusal,
    states_before,
)

S = RunState
states = st.sampled_from(RunState)


def test_every_state_has_a_line_in_the_table_and_leads_to_states_only() -> None:
    assert set(MOVES) == set(RunState)
    assert {target for targets in MOVES.values() for target in targets} <= set(RunState)


def test_runs_end_in_three_states_of_which_one_is_for_good() -> None:
    assert {S.COMPLETED, S.FAILED, S.CANCELLED} == TERMINAL
    assert [state for state in S if not MOVES[state]] == [S.COMPLETED]


def test_every_state_is_within_reach_of_a_staged_run() -> None:
    reached: set[RunState] = set()
    frontier = {S.RECEIVED}
    while frontier:
        reached |= frontier
        frontier = {target for state in frontier for target in MOVES[state]} - reached

    assert reached == set(RunState)


@pytest.mark.parametrize("state", sorted(set(RunState) - TERMINAL))
def test_every_run_that_has_not_ended_can_be_cancelled(state: RunState) -> None:
    check_move(state, S.CANCELLED)


@pytest.mark.parametrize("state", sorted(HELD))
def test_every_run_that_an_executor_holds_can_go_back_to_the_queue(state: RunState) -> None:
    check_move(state, S.QUEUED)


@pytest.mark.parametrize("state", sorted(RunState))
def test_no_state_leads_to_itself(state: RunState) -> None:
    assert state not in MOVES[state]


@given(old=states, new=states)
def test_a_move_is_allowed_just_when_the_table_has_it(old: RunState, new: RunState) -> None:
    if new in MOVES[old]:
        check_move(old, new)
    else:
        with pytest.raises(ConflictError, match=f"^a {old} run cannot become {new}$"):
            check_move(old, new)


@given(old=states, new=states)
def test_the_guard_of_a_move_is_the_table_read_backwards(old: RunState, new: RunState) -> None:
    assert (old in states_before(new)) == (new in MOVES[old])


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        MOVES[S.FAILED] = frozenset({S.QUEUED})  # type: ignore[index]


@pytest.mark.parametrize("command", RunCommand)
def test_a_command_makes_moves_of_the_table_only(command: RunCommand) -> None:
    step = COMMANDS[command]

    assert step.before
    for state in step.before:
        check_move(state, step.after)


def test_a_run_waits_is_held_or_has_ended() -> None:
    assert not HELD & WAITING
    assert not (HELD | WAITING) & TERMINAL


def test_a_refusal_names_the_run_its_state_and_what_would_be_fit() -> None:
    error = refusal("r1", S.FAILED, RunCommand.PAUSE)

    assert str(error) == (
        "run 'r1' is failed; only a queued, starting or running one can be paused"
    )
