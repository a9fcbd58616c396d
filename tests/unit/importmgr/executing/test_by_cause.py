from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from definitions.lifecycle import Cause
from importmgr.executing.by_cause import ByCause
from importmgr.executing.control import Control
from importmgr.store.runs import Claim
from tests.acceptance.documents import idle, people
from tests.product import Product
from tests.unit.importmgr.executing.test_attempt import claim_of

NOBODY = cast("Control", None)  # neither attempt here asks it anything


class Noting:
    """An attempt that only notes what it is given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, claim: Claim, control: Control) -> None:  # noqa: ARG002
        self.seen.append(claim.run.id)

    def fetched(self, run_id: str) -> int:
        return len(run_id)

    def forget(self, run_id: str) -> None:
        self.seen.append(f"forget {run_id}")

    def follow_up(self, run_id: str, go_on: Callable[[], bool]) -> None:
        self.seen.append(f"follow up {run_id} {go_on()}")


def test_a_run_is_worked_off_by_the_attempt_of_its_cause(small_product: Product) -> None:
    small_product.start(small_product.create(idle(people())))
    claim = claim_of(small_product)
    usual, other = Noting(), Noting()
    attempt = ByCause(usual=usual, others={Cause.REPAIR: lambda: other})

    attempt(claim, NOBODY)
    attempt(replace(claim, run=replace(claim.run, cause=Cause.REPAIR)), NOBODY)
    attempt.forget("x")
    attempt.follow_up("x", bool)

    assert usual.seen == [claim.run.id, "forget x", "follow up x False"]
    assert other.seen == [claim.run.id]
