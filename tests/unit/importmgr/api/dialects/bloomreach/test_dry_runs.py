from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from importmgr.store.tables import definitions
from tests.acceptance.documents import PEOPLE, idle, people
from tests.file_server import FileServer
from tests.product import Product, wait_until, working
from tests.unit.importmgr.api.conftest import Caller, caller

AUTH = {"username": "u", "password": "geheim-geheim"}


def ended(product: Product, api: Caller, run_id: str) -> dict[str, Any]:
    def read() -> Any:  # noqa: ANN401 - JSON
        return api.call("GET", f"/imports/v1/{{t}}/dry-runs/{run_id}").get_json()["dry_run"]

    with working(product.wiring.executor("test")):
        wait_until(lambda: read()["finished"])
    return dict(read())


def test_a_stored_definition_is_tried(
    small_product: Product, small_api: Caller, file_server: FileServer
) -> None:
    import_id = small_product.create(idle(people(file_server.put("/people.csv", PEOPLE))))

    started = small_api.call("POST", f"/imports/v1/{{t}}/{import_id}/dry-run").get_json()

    found = ended(small_product, small_api, started["run_id"])
    assert (found["status"], found["trigger"]) == ("completed", "dry_run")
    assert (found["rows_created"], found["import_id"]) == (2, import_id)
    assert len(found["report"]["samples"]["created"]) == 2
    assert small_product.customers() == 0
    assert small_api.call("GET", "/imports/v1/{t}").headers["X-Total-Count"] == "1"


def test_a_document_is_tried(
    small_product: Product, small_api: Caller, file_server: FileServer
) -> None:
    document = people(file_server.put("/people.csv", PEOPLE))

    started = small_api.call("POST", "/imports/v1/{t}/dry-run", json=document).get_json()

    found = ended(small_product, small_api, started["run_id"])
    assert (found["rows_created"], found["import_id"]) == (2, None)


def test_a_dry_run_is_called_off_once(small_product: Product, small_api: Caller) -> None:
    document = {**people(), "source": {**people()["source"], "auth": AUTH}}
    run_id = small_api.call("POST", "/imports/v1/{t}/dry-run", json=document).get_json()["run_id"]
    path = f"/imports/v1/{{t}}/dry-runs/{run_id}"

    answers = [small_api.call("POST", f"{path}/cancel").status_code for _ in range(2)]

    assert answers == [200, 409]
    assert small_api.call("GET", path).get_json()["dry_run"]["status"] == "cancelled"
    with small_product.wiring.engine.begin() as connection:
        assert connection.execute(sa.select(definitions.c.secret)).scalars().all() == [None]


@pytest.mark.parametrize(
    ("permissions", "statuses"),
    [
        (("imports.trigger",), (404, 403, 403, 404)),
        (("imports.create", "rejects.read"), (403, 400, 404, 403)),
    ],
)
def test_each_call_needs_its_permission(
    small_product: Product, permissions: tuple[str, ...], statuses: tuple[int, ...]
) -> None:
    api = caller(small_product, permissions)
    unknown = "f" * 24

    answers = (
        api.call("POST", f"/imports/v1/{{t}}/{unknown}/dry-run"),
        api.call("POST", "/imports/v1/{t}/dry-run", json={}),
        api.call("GET", f"/imports/v1/{{t}}/dry-runs/{unknown}"),
        api.call("POST", f"/imports/v1/{{t}}/dry-runs/{unknown}/cancel"),
    )

    assert tuple(answer.status_code for answer in answers) == statuses
