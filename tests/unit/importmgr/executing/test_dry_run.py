"""One attempt at a dry run: it can be cut off, and begins again."""

from __future__ import annotations

import pytest

from definitions.batches import Tally
from definitions.errors import ShutdownError
from definitions.lifecycle import Cause, RunState
from importmgr.executing.by_cause import ByCause
from importmgr.executing.dry_run import DryRunAttempt
from sources.survey import FIRST_ROWS
from tests.acceptance.documents import people
from tests.file_server import FileServer
from tests.product import Product, wait_until, working
from tests.unit.importmgr.executing.conftest import ROWS
from tests.unit.importmgr.executing.test_attempt import claim_of, held, late_rows, styled


def test_a_dry_run_that_was_cut_off_begins_again(in_batches: Product, people_url: str) -> None:
    run_id = in_batches.services.dry_runs.start_unsaved(in_batches.project, people(people_url))
    attempt = in_batches.wiring.executor("test")._attempt
    assert isinstance(attempt, ByCause)
    dry_run = attempt.others[Cause.DRY_RUN]()
    assert isinstance(dry_run, DryRunAttempt)
    claim = claim_of(in_batches)
    show = in_batches.services.dry_runs.show
    store, go_on = dry_run.dry_runs, type(dry_run.dry_runs).go_on
    with held(in_batches, claim) as control, pytest.MonkeyPatch.context() as patch:

        def stop_after_a_batch(*args: object) -> None:
            go_on(store, *args)  # type: ignore[arg-type]
            control.stop.set()

        patch.setattr(store, "go_on", stop_after_a_batch)
        with pytest.raises(ShutdownError):
            dry_run(claim, control)
    in_batches.wiring.stores.runs.release(claim.run.id, claim.run.token)
    seen = show(in_batches.project, run_id).run.tally
    assert 0 < seen.read < ROWS

    with working(in_batches.wiring.executor("test")):
        wait_until(lambda: show(in_batches.project, run_id).run.finished_at)

    found = show(in_batches.project, run_id)
    assert (found.run.state, found.run.tally) == (
        RunState.COMPLETED,
        Tally(read=ROWS, created=ROWS),
    )
    assert found.report is not None
    assert in_batches.customers() == 0
    assert in_batches.wiring.spool.runs() == []


def test_a_dry_run_reads_what_asks_late_as_a_run_does(
    product: Product, file_server: FileServer
) -> None:
    url = file_server.put("/p.csv", "mail;price;day\n" + late_rows())
    run_id = product.services.dry_runs.start_unsaved(product.project, styled(url))

    with working(product.wiring.executor("test")):
        wait_until(lambda: product.services.dry_runs.show(product.project, run_id).run.finished_at)

    found = product.services.dry_runs.show(product.project, run_id)
    assert (found.run.tally.created, found.run.fault_count) == (FIRST_ROWS + 3, 1)
    assert found.run.files[0].read_as["numbers of 'price'"].startswith("decimal comma (found:")
    assert found.report is not None
    assert "decimal comma" in str(found.report["files"])


def test_a_dry_run_is_warned_of_what_makes_its_file_doubtful(
    product: Product, file_server: FileServer
) -> None:
    rows = "".join(f"{number}@example.com,1,50,Apple {number}\n" for number in range(9))
    url = file_server.put("/shifted.csv", "mail,price,name\n" + rows)
    run_id = product.services.dry_runs.start_unsaved(product.project, people(url))

    with working(product.wiring.executor("test")):
        wait_until(lambda: product.services.dry_runs.show(product.project, run_id).run.finished_at)

    found = product.services.dry_runs.show(product.project, run_id)
    [warning] = found.run.warnings
    assert warning.startswith(f"{url}: the header has 3 names for 4 columns")
    assert found.report is not None
    assert found.report["warnings"] == [warning]
