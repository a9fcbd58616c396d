from __future__ import annotations

from collections.abc import Callable

import pytest

from definitions.errors import LostLeaseError
from definitions.lifecycle import RunState, StopReason
from importmgr.store.decisions import DecisionStore
from importmgr.store.runs import Braked, Ending
from tests.stores import NOW, Stores

EMPTY = Braked(brake="empty_file", text="f has no rows", figures={"file": "f"})
FAILED = Ending(state=RunState.FAILED, reason=StopReason.THRESHOLD, braked=EMPTY)
WAYS: dict[str, Callable[[Stores, str, int], None]] = {
    "brake_warned": lambda stores, run, token: stores.runs.warn_of(run, token, EMPTY),
    "brake_paused": lambda stores, run, token: stores.runs.brake(run, token, EMPTY),
    "brake_failed": lambda stores, run, token: stores.runs.finish(run, token, FAILED, NOW),
}


@pytest.mark.parametrize("code", WAYS)
def test_what_a_brake_did_is_told_if_it_did_it(stores: Stores, code: str) -> None:
    run = stores.queue(stores.definition())
    token = stores.claim().run.token

    with pytest.raises(LostLeaseError):
        WAYS[code](stores, run.id, token + 1)
    WAYS[code](stores, run.id, token)

    found, _ = DecisionStore(stores.engine).list(run.definition_id, 10, 0, None)
    facts = {"run_id": run.id, "brake": "empty_file", "why": "f has no rows", "file": "f"}
    assert [(each.code, each.facts) for each in found] == [(code, facts)]
