"""A database that crashes in the middle of a load, and again, changes nothing in the end."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests
import sqlalchemy as sa

from importmgr.store.migrate import upgrade
from tests.engines import open_engine
from tests.file_server import FileServer
from tests.killing import PROGRESS, definition, final_data
from tests.postgres import Server
from tests.service import TERMINAL, Service

pytestmark = [pytest.mark.chaos, pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(300)]

ROWS = 5_000
CRASHES = 2
DURABLE = ("fsync=off",)  # the machine stays up; what matters is what the server had written
SETTINGS = {
    "IMPORTMGR_BATCH_BYTES": "2KiB",
    "IMPORTMGR_LEASE_SECONDS": "1.5",
    "IMPORTMGR_HEARTBEAT_SECONDS": "0.4",
    "IMPORTMGR_MAX_ATTEMPTS": "40",
    "IMPORTMGR_RETRY_FIRST_DELAY_SECONDS": "0.1",
}


@pytest.fixture
def server(postgres_server: Server) -> Iterator[Server]:  # noqa: ARG001 - or a skip with its reason
    """A server of this test alone."""
    with Server(settings=DURABLE) as server:
        yield server


def purchases() -> str:
    """Events without a time of their own, so that only (run, row) tells them apart; some bad."""
    chance = random.Random(7)
    lines = ["mail,amount"]
    for number in range(ROWS):
        amount = "much" if number % 500 == 7 else f"{number % 97}.5"
        lines.append(f"buyer{chance.randrange(500)}@example.com,{amount}")
    return "\n".join(lines) + "\n"


def batches(url: str) -> tuple[str, int]:
    """Return the state of the only run, and how many batches are committed."""
    with open_engine(url) as engine, engine.connect() as connection:
        row = connection.execute(sa.text(PROGRESS)).one()
        return str(row.state), int(row.batches)


def wait_for(url: str, wanted: int) -> int:
    """Return how many batches are committed once there are so many."""
    deadline = time.monotonic() + 60
    while (found := batches(url))[1] < wanted:
        assert found[0] not in TERMINAL, f"over after {found[1]} batches: make the load larger"
        assert time.monotonic() < deadline, f"waited in vain for batch {wanted}: {found}"
        time.sleep(0.01)
    return found[1]


def wait_until_well(service: Service) -> None:
    """Return once the service has its database again."""
    deadline = time.monotonic() + 60
    while requests.get(f"{service.url}/readyz", timeout=10).status_code != requests.codes.ok:
        assert time.monotonic() < deadline, "the service did not recover"
        time.sleep(0.05)


def test_a_database_that_crashes_again_and_again_changes_nothing_in_the_end(
    server: Server, file_server: FileServer, tmp_path: Path
) -> None:
    file_server.put("/purchases.csv", purchases())
    urls = {name: server.url(name) for name in ("calm", "wild")}
    for name, url in urls.items():
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        upgrade(url)
    document = definition(
        file_server.url("/purchases.csv"),
        {"event_destination": {"event_type": "purchase"}},
        [{"from_column": "mail", "to_id": "email"}],
        {"amount": "number"},
    )
    with Service(tmp_path / "calm", IMPORTMGR_DATABASE_URL=urls["calm"], **SETTINGS) as service:
        access = service.project()
        access.finished(access.create(document), within=60)

    with Service(tmp_path / "wild", IMPORTMGR_DATABASE_URL=urls["wild"], **SETTINGS) as service:
        access = service.project()
        import_id = access.create(document)
        reached = 0
        for _ in range(CRASHES):
            reached = wait_for(urls["wild"], reached + 5)
            server.crash()
            server.revive()
            wait_until_well(service)
            reached = batches(urls["wild"])[1]  # perhaps fewer than before
        assert access.finished(import_id, within=90)["status"] == "completed"

    assert final_data(urls["wild"]) == final_data(urls["calm"])
