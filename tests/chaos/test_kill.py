"""Killing the real service at random moments loses nothing and doubles nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.file_server import FileServer
from tests.killing import definition, final_data
from tests.service import TERMINAL, ProjectAccess, Service

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(400)]

KILLS = 6
ROWS = 8_000
SMALL_BATCHES = {
    "IMPORTMGR_BATCH_BYTES": "2KiB",  # many commits, so that kills fall between and into them
    "IMPORTMGR_EXECUTORS": "3",
    "IMPORTMGR_LEASE_SECONDS": "1.5",
    "IMPORTMGR_HEARTBEAT_SECONDS": "0.4",
    "IMPORTMGR_MAX_ATTEMPTS": "40",  # none of the kills is the run's own fault
}


def people(chance: random.Random) -> str:
    """Customers, some of them twice, some cells and rows bad."""
    lines = ["mail,age,since"]
    for number in range(ROWS):
        who = number % 5_000 if number % 3 else number
        age = "old" if chance.random() < 0.01 else str(20 + number % 60)
        since = "" if chance.random() < 0.01 else "2026-01-02"
        lines.append(f"p{who}@example.com,{age},{since}")
        if chance.random() < 0.002:
            lines.append("too,few")
    return "\n".join(lines) + "\n"


def purchases(chance: random.Random) -> str:
    """Events without a time of their own, so that only (run, row) tells them apart."""
    lines = ["mail,amount"]
    for number in range(ROWS):
        amount = "much" if chance.random() < 0.01 else f"{number % 97}.5"
        lines.append(f"buyer{chance.randrange(500)}@example.com,{amount}")
    return "\n".join(lines) + "\n"


def products(chance: random.Random) -> str:
    """Items, a tenth of them named twice."""
    lines = ["sku,title,price"]
    for number in range(ROWS):
        sku = f"s{number if number % 10 else number // 2}"
        price = "free" if chance.random() < 0.01 else f"{number}.25"
        lines.append(f'{sku},"title, {number}",{price}')
    return "\n".join(lines) + "\n"


def definitions(server: FileServer) -> list[dict[str, Any]]:
    """One import per kind of destination."""
    mail = [{"from_column": "mail", "to_id": "email"}]
    return [
        definition(
            server.url("/people.csv"),
            {"customer_destination": {}},
            mail,
            {"age": "number", "since": "date"},
        ),
        definition(
            server.url("/purchases.csv"),
            {"event_destination": {"event_type": "purchase"}},
            mail,
            {"amount": "number"},
        ),
        definition(
            server.url("/products.csv"),
            {"catalog_destination": {"catalog_name": "products"}},
            [{"from_column": "sku", "to_id": "item_id"}],
            {"title": "string", "price": "number"},
        ),
    ]


def counts(access: ProjectAccess, imports: list[str]) -> list[dict[str, Any]]:
    """Return what the API tells of each run, without ids and times."""
    wanted = (
        "status",
        "rows_total",
        "rows_processed",
        "rows_created",
        "rows_updated",
        "rows_failed",
    )
    runs = [access.runs(import_id) for import_id in imports]
    assert [len(of_one) for of_one in runs] == [1] * len(imports)
    return [{name: of_one[0][name] for name in wanted} for of_one in runs]


def wait_for_all(access: ProjectAccess, imports: list[str], within: float) -> None:
    """Return once every run has ended."""
    for import_id in imports:
        access.finished(import_id, within)


def wait_for_progress(access: ProjectAccess, one: str, within: float) -> None:
    """Return once an import's run has read more rows than now, or has ended, or time is over."""
    deadline, before = time.monotonic() + within, access.runs(one)[0]["rows_processed"]
    while time.monotonic() < deadline and any_under_way(access, [one]):
        if access.runs(one)[0]["rows_processed"] != before:
            return
        time.sleep(0.02)


def any_under_way(access: ProjectAccess, imports: list[str]) -> bool:
    """Tell whether some run has not ended."""
    return any(access.runs(one)[0]["status"] not in TERMINAL for one in imports)


def test_kills_change_nothing_in_the_end(
    new_database: Callable[[str], str],
    file_server: FileServer,
    tmp_path: Path,
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    for name, make in (("people", people), ("purchases", purchases), ("products", products)):
        file_server.put(f"/{name}.csv", make(random.Random(7)))
    calm_url, wild_url = new_database("calm"), new_database("wild")
    with Service(tmp_path / "calm", IMPORTMGR_DATABASE_URL=calm_url, **SMALL_BATCHES) as service:
        access = service.project()
        imports = [access.create(document) for document in definitions(file_server)]
        wait_for_all(access, imports, within=120)
        calm_counts = counts(access, imports)

    chance = random.Random(seed)
    with Service(tmp_path / "wild", IMPORTMGR_DATABASE_URL=wild_url, **SMALL_BATCHES) as service:
        access = service.project()
        imports = [access.create(document) for document in definitions(file_server)]
        for kill in range(KILLS):
            if chance.random() < 0.8:  # else perhaps before the first batch since the last kill
                wait_for_progress(access, chance.choice(imports), within=20)
            time.sleep(chance.uniform(0.0, 0.1))
            assert any_under_way(access, imports), f"over after {kill} kills: make the load larger"
            service.kill()
            service.start()
            access = service.moved(access)
        wait_for_all(access, imports, within=120)
        wild_counts = counts(access, imports)

    assert wild_counts == calm_counts
    assert final_data(wild_url) == final_data(calm_url)
