"""Loads on lanes, drawn by seeds, struck, and compared with what a dictionary makes of them.

```
python -m tests.fuzz.lanes --seconds 3600              # on PostgreSQL and on SQLite
python -m tests.fuzz.lanes --seed 17 --rounds 20       # one plan again and again
```

A seed draws up to three runs that load into one project at once, each read, mapped and prepared in
a thread and written by lanes, as executors do it; what others order meanwhile by way of the
services; and what strikes them. A run that was struck goes on from its ledger. In the end

- each batch was committed once, in the order of its run, and its rows ended as one by one;
- what is stored is what a dictionary holds after the same batches and orders in the same order;
- faults and rejected rows are those of the file, numbered without a gap;
- of a second load of each file, each row ends as the dictionary says;
- no lock, transaction, connection or thread is left, and nothing belongs to nobody.

A plan is the same at every time. Which statement is struck is not quite, where several threads send
them: what broke once is to be played more than once.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.store.migrate import upgrade
from tests.engines import open_engine
from tests.fuzz.checking import Judge
from tests.fuzz.loads import draw
from tests.fuzz.noting import noted
from tests.fuzz.playing import STOPPED, Stage, play, set_stage, small_limits
from tests.fuzz.strikes import Strikes
from tests.postgres import Server

PATIENCE: Final = 300.0  # seconds for one plan
ENGINES: Final = ("postgresql", "sqlite", "postgresql")
STATEMENTS: Final = (60, 400)  # of a process, before one of which it kills itself
AFTER_KILL: Final = 1_000_000  # the first token of who goes on


class How(StrEnum):
    """What befalls a plan."""

    CALM = "calm"  # nothing: then no run may have been refused
    STRUCK = "struck"
    KILLED = "killed"  # the process that plays it, and another one goes on


def run_plan(url: str, seed: int, how: How, salt: str = "") -> Counter[str]:
    """Play the plan of a seed in a project of its own, and judge it; return what struck."""
    plan, rng = draw(seed), random.Random(f"{seed} {salt}")
    strikes = Strikes(rng=rng, most=rng.choice((1, 3, 10)) if how is How.STRUCK else 0)
    with _opened(url) as engine, small_limits(plan.limit):
        stage = set_stage(engine, plan, salt)
        judge, runs = Judge(stage), stage.runs()
        if how is How.KILLED:
            _let_begin(url, seed, salt, rng.randrange(5, rng.choice(STATEMENTS)))
            for run in runs:
                run.tokens = count(AFTER_KILL)
        with strikes.at(engine):
            play(stage, runs, random.Random(rng.random()), ordering=how is not How.KILLED)
        if how is How.CALM:
            assert not {text for run in runs for text in run.failures} - {STOPPED}
        judge.judge(runs)
        _load_again(stage, judge, [run.is_refused for run in runs])
    return Counter(strikes.done)


def _load_again(stage: Stage, judge: Judge, refused: Sequence[bool]) -> None:
    """Load files once more, one after the other and without any trouble, but for those refused."""
    for run, was_refused in zip(stage.runs("again"), refused, strict=True):
        if not was_refused:
            run.load = replace(run.load, taken_over=False, stops=frozenset())
            play(stage, [run], random.Random(0), ordering=False)
            judge.judge([run])


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    """Open an engine whose sessions wait for locks but half a minute."""
    with open_engine(url) as engine:
        if engine.dialect.name == "postgresql":
            sa.event.listen(engine, "connect", _make_impatient)
        noted.create(engine, checkfirst=True)
        yield engine


def _make_impatient(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    connection.execute("SET lock_timeout = '30s'")
    connection.commit()


def _let_begin(url: str, seed: int, salt: str, kill_at: int) -> None:
    """Let another process begin to play a plan, and kill itself at one of its statements."""
    how = ["--begin", url, "--seed", str(seed), "--salt", salt, "--kill-at", str(kill_at)]
    process = [sys.executable, "-m", "tests.fuzz.lanes", *how]
    ended = subprocess.run(process, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr


def _begin(given: argparse.Namespace) -> None:
    """Play a plan up to the statement before which this process is killed."""
    plan, rng = draw(given.seed), random.Random(given.salt)
    strikes = Strikes(rng=rng, most=0, kills=given.kill_at)
    with _opened(given.begin) as engine, small_limits(plan.limit):
        stage = set_stage(engine, plan, given.salt)
        with strikes.at(engine):
            play(stage, stage.runs(), rng, ordering=True)


def _plans(given: argparse.Namespace) -> Iterator[tuple[int, str, How]]:
    """Yield seeds, engines and what befalls them, until that is enough."""
    until = time.monotonic() + given.seconds
    first = random.randrange(10**9) if given.seed is None else given.seed
    for number in count():
        if number == given.rounds or time.monotonic() > until:
            return
        engine = given.engine or ENGINES[number % len(ENGINES)]
        how = given.how or [*How][number // len(ENGINES) % len(How)]
        yield first + (number if given.seed is None else 0), engine, How(how)


def _play_all(given: argparse.Namespace, urls: Mapping[str, str]) -> int:
    """Play plans, and print each that breaks; return how many did."""
    struck, plans, broken = Counter[str](), 0, 0
    for seed, engine, how in _plans(given):
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        if given.loud:
            _say(f"seed {seed} on {engine}, {how}")
        try:
            struck += run_plan(urls[engine], seed, how, f"{time.time()}")
        except Exception:  # noqa: BLE001 - the next plan is played all the same
            broken += 1
            _say(f"seed {seed} on {engine}, {how}, is broken: {traceback.format_exc()}")
        plans += 1
        faulthandler.cancel_dump_traceback_later()
    _say(f"{plans} plans, {broken} of them broken; what struck: {dict(struck)}")
    return broken


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Play plans until the time is over, on servers of its own."""
    parser = argparse.ArgumentParser(description="load what seeds draw, and compare")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--engine", choices=sorted({*ENGINES}))
    parser.add_argument("--how", choices=[*How])
    parser.add_argument("--loud", action="store_true", help="name each plan")
    parser.add_argument("--begin", help=argparse.SUPPRESS)
    parser.add_argument("--salt", default="", help=argparse.SUPPRESS)
    parser.add_argument("--kill-at", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.begin:
        _begin(given)
        return
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        urls = {
            "postgresql": server.url("postgres"),
            "sqlite": f"sqlite:///{Path(folder) / 'importmgr.db'}",
        }
        for url in urls.values():
            upgrade(url)
        broken = _play_all(given, urls)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
