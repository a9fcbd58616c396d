"""Somebody who tells the runs of a fleet what to do, at random, and remembers what was answered."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import COMMANDS, RunCommand, RunState
from tests.fleet_caller import Caller

TOLD_AT_ONCE = 3  # runs that are under way or wait their turn, and as many that wait for somebody
WEIGHTS: Mapping[RunCommand, int] = {
    RunCommand.PAUSE: 3,
    RunCommand.CANCEL: 1,
    RunCommand.RESUME: 5,
    RunCommand.CONTINUE: 5,
    RunCommand.RETRY: 1,
}
GOING = """SELECT id, definition_id, state, braked FROM runs
    WHERE state IN ('queued', 'starting', 'running')
    ORDER BY state IN ('starting', 'running') DESC, random() LIMIT 10"""
# Those that have waited longest: the runs behind them wait too.
STANDING = """SELECT id, definition_id, state, braked FROM runs
    WHERE state IN ('paused', 'cancelled') ORDER BY state = 'paused' DESC, paused_at, random()
    LIMIT 5"""
PAUSED = "SELECT id, definition_id, state, braked FROM runs WHERE state = 'paused'"
CANCELLED = """SELECT id, definition_id, state, braked FROM runs
    WHERE state = 'cancelled' AND cause = 'new_file'"""


class Orders:
    """Tells runs what their state allows; whether it was heard is not always known."""

    def __init__(self, caller: Caller, engine: Engine, chance: random.Random) -> None:
        """Take who asks, where runs can be seen, and what decides."""
        self._caller = caller
        self._engine = engine
        self._chance = chance
        self.started = caller.started
        self.asked: defaultdict[str, list[RunCommand]] = defaultdict(list)
        self.obeyed: defaultdict[str, list[RunCommand]] = defaultdict(list)

    @property
    def figures(self) -> Counter[str]:
        """Return how many orders of each kind were obeyed, as far as is known."""
        return Counter(command.value for told in self.obeyed.values() for command in told)

    def __call__(self) -> None:
        """Tell some runs something."""
        for runs in (self._runs(STANDING), self._runs(GOING)):
            for run in self._chance.sample(runs, min(TOLD_AT_ONCE, len(runs))):
                commands = [each for each in RunCommand if _is_fit(run, each)]
                weights = [WEIGHTS[each] for each in commands]
                self._tell(run, *self._chance.choices(commands, weights))

    def let_go(self) -> bool:
        """Let everything that waits for somebody go on; tell whether there was nothing.

        Files that arrived are loaded in the end, also those whose run was cancelled.
        """
        paused, cancelled = self._runs(PAUSED), self._runs(CANCELLED)
        for run in paused:
            self._tell(run, RunCommand.CONTINUE if run.braked else RunCommand.RESUME)
        for run in cancelled:
            self._tell(run, RunCommand.RETRY)
        return not paused and not cancelled

    def _tell(self, run: sa.Row[Any], command: RunCommand) -> None:
        self.asked[run.id].append(command)
        path = self._caller.run_path(run.definition_id, run.id)
        answer = self._caller.ask("POST", f"{path}/{command}")
        if answer is not None and answer.ok:
            assert answer.json()["run"]["run_id"] == run.id
            self.obeyed[run.id].append(command)

    def _runs(self, query: str) -> list[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.text(query)))


def _is_fit(run: sa.Row[Any], command: RunCommand) -> bool:
    if RunState(run.state) not in COMMANDS[command].before:
        return False
    match command:
        case RunCommand.CONTINUE:
            return run.braked is not None
        case RunCommand.RESUME:
            return run.braked is None
        case _:
            return True
