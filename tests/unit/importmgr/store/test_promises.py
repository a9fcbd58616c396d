"""Promises, from a definition to whoever is told that it is not fresh."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from definitions.freshness import FreshnessState
from definitions.lifecycle import Cause
from importmgr.services.repairs import Correction
from importmgr.store.tables import runs
from importmgr.store.telling_tables import promises
from tests.acceptance.documents import PEOPLE, idle, people
from tests.file_server import FileServer
from tests.product import Product
from tests.receivers import one_time
from tests.stores import DONE, LEASE, ORIGIN

DAY = 86_400


@pytest.fixture
def product(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Product]:
    one_time(monkeypatch, "notices", "deliveries", "promises")
    product = Product(database_url, tmp_path / "var")
    yield product
    product.close()


@pytest.fixture
def told(product: Product) -> str:
    """The id of a webhook that is told of freshness."""
    events = ["freshness.broken", "freshness.restored"]
    document = {"url": "https://hooks.example.test", "events": events}
    return product.services.receivers["webhook"].create(product.project, document).receiver_id


def promising(product: Product, url: str = "https://a.example.test/x.csv", rows: int = 2) -> str:
    document = {**idle(people(url)), "freshness": {"every": "26h", "min_rows": rows}}
    return product.create(document)


def state(product: Product, import_id: str) -> FreshnessState:
    view = product.services.definitions.read(product.project, import_id, ORIGIN)
    assert view.freshness is not None
    return view.freshness.state


def notices(product: Product, webhook_id: str) -> list[str]:
    webhooks = product.services.receivers["webhook"]
    page = webhooks.deliveries(product.project, webhook_id, None, (50, 0))
    return [delivery.type for delivery in page.items][::-1]


def decided(product: Product, import_id: str) -> list[str]:
    page = product.services.schedules.decisions(product.project, import_id, ORIGIN, (50, 0), None)
    return [decision.code for decision in page.items][::-1]


def run(product: Product, import_id: str) -> None:
    product.start(import_id)
    product.settle(import_id)


def test_a_promise_breaks_once_and_is_whole_again_after_a_good_run(
    product: Product, told: str, file_server: FileServer
) -> None:
    import_id = promising(product, file_server.put("/people.csv", PEOPLE))
    tickers = product.wiring.stores.promises

    assert state(product, import_id) is FreshnessState.FRESH
    product.clock.move(DAY)
    assert tickers.break_due() == 0
    product.clock.move(2 * 3600)
    assert [tickers.break_due() for _ in range(3)] == [1, 0, 0]
    assert state(product, import_id) is FreshnessState.BROKEN
    run(product, import_id)

    assert state(product, import_id) is FreshnessState.FRESH
    assert notices(product, told) == ["freshness.broken", "freshness.restored"]
    assert decided(product, import_id) == ["freshness_broken", "freshness_restored"]
    product.clock.move(26 * 3600)
    assert tickers.break_due() == 1


def test_a_run_with_too_few_rows_keeps_no_promise(
    product: Product, told: str, file_server: FileServer
) -> None:
    import_id = promising(product, file_server.put("/people.csv", PEOPLE), rows=3)
    product.clock.move(25 * 3600)
    run(product, import_id)
    product.clock.move(2 * 3600)

    assert product.wiring.stores.promises.break_due() == 1
    assert notices(product, told) == ["freshness.broken"]


@pytest.mark.parametrize("cause", [Cause.DRY_RUN, Cause.REPAIR])
def test_a_run_that_loads_no_file_keeps_no_promise(product: Product, cause: Cause) -> None:
    import_id = promising(product, rows=0)
    product.start(import_id)
    with product.wiring.engine.begin() as connection:
        connection.execute(sa.update(runs).values(cause=cause))
    store = product.wiring.stores.runs
    claim = store.claim("me", LEASE)
    assert claim is not None
    store.finish(claim.run.id, claim.run.token, DONE, product.clock.now())

    view = product.services.definitions.read(product.project, import_id, ORIGIN)

    assert view.freshness is not None
    assert view.freshness.last_good_at is None


def test_an_inactive_definition_promises_nothing(product: Product, told: str) -> None:
    import_id = promising(product)
    schedules = product.services.schedules
    schedules.deactivate(product.project, import_id, ORIGIN)
    product.clock.move(3 * DAY)
    off = state(product, import_id)

    assert product.wiring.stores.promises.break_due() == 0
    schedules.activate(product.project, import_id, ORIGIN)
    assert product.wiring.stores.promises.break_due() == 0
    assert (off, state(product, import_id)) == (FreshnessState.OFF, FreshnessState.FRESH)
    product.clock.move(2 * DAY)
    assert product.wiring.stores.promises.break_due() == 1
    assert notices(product, told) == ["freshness.broken"]


def test_the_promise_of_a_deleted_definition_is_forgotten(product: Product) -> None:
    import_id = promising(product)

    product.services.definitions.delete(product.project, import_id, ORIGIN)

    with product.wiring.engine.connect() as connection:
        assert connection.execute(sa.select(promises)).all() == []


@pytest.mark.postgres
def test_of_many_tickers_one_finds_each_break(postgres_url: str, tmp_path: Path) -> None:
    product = Product(postgres_url, tmp_path / "var")
    for _ in range(5):
        promising(product)
    with product.wiring.engine.begin() as connection:
        connection.execute(sa.update(promises).values(due_at=product.clock.now()))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: product.wiring.stores.promises.break_due(), range(4)))
    product.close()

    assert sum(found) == 5


def repair(product: Product, import_id: str, run_id: str, content: bytes) -> None:
    """Hand in corrected rows and wait for what becomes of them."""
    given = Correction(content=content, part=None, asked_by="key")
    product.services.repairs.start(product.project, import_id, ORIGIN, run_id, given)
    product.settle(import_id)


BAD_ROW = "mail,name\na@example.com,A\n,B\n"
MENDED = b"_row,_line,mail,name\n2,3,b@example.com,B\n"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (1, ["freshness.broken", "freshness.restored"]),
        (30, ["freshness.broken"]),  # a run of 30 hours ago is no longer fresh
    ],
)
def test_a_run_that_was_mended_keeps_a_promise_as_if_it_had_been_good(
    product: Product, told: str, file_server: FileServer, hours: int, expected: list[str]
) -> None:
    import_id = promising(product, file_server.put("/people.csv", BAD_ROW))
    product.clock.move(25.5 * 3600)
    run(product, import_id)
    mended = product.run(import_id)
    product.clock.move(hours * 3600)
    assert product.wiring.stores.promises.break_due() == 1
    repair(product, import_id, mended.id, MENDED)

    assert product.run(import_id, mended.id).tally.rejected == 0
    assert notices(product, told) == expected
    if hours == 1:
        product.clock.move(25.5 * 3600)
        assert product.wiring.stores.promises.break_due() == 1  # 26 hours after the mended run


def test_a_run_that_was_mended_takes_no_promise_back_that_a_later_one_kept(
    product: Product, file_server: FileServer
) -> None:
    import_id = promising(product, file_server.put("/people.csv", BAD_ROW))
    run(product, import_id)
    mended = product.run(import_id)
    product.clock.move(20 * 3600)
    file_server.put("/people.csv", PEOPLE)
    run(product, import_id)
    repair(product, import_id, mended.id, MENDED)
    product.clock.move(20 * 3600)

    assert product.wiring.stores.promises.break_due() == 0
