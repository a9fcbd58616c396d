from __future__ import annotations

import pytest

from definitions.errors import StoreBusyError
from importmgr.services.health import Health
from importmgr.store.database import Database
from tests.engines import open_engine
from tests.product import Product


def test_a_service_with_its_database_is_ready(product: Product) -> None:
    assert product.services.health.ready() == (True, {"database": "ok"})


def test_a_service_without_its_database_says_so_without_its_address() -> None:
    with open_engine("postgresql+psycopg://importmgr:secret@127.0.0.1:1/none") as engine:
        ready, report = Health({"database": Database(engine).ping}).ready()

        assert not ready
        assert "try again later" in report["database"]
        assert "secret" not in report["database"]


def test_every_check_is_asked_although_one_fails() -> None:
    def fail() -> None:
        msg = "the disk is full"
        raise StoreBusyError(msg)

    ready, report = Health({"disk": fail, "rest": lambda: None}).ready()

    assert (ready, report) == (False, {"disk": "the disk is full", "rest": "ok"})


def test_a_check_that_only_this_process_has_is_asked_too() -> None:
    def fail() -> None:
        msg = "1 of 2 executors have ended"
        raise StoreBusyError(msg)

    health = Health({"database": lambda: None})
    health.add("executors", fail)

    assert health.ready() == (
        False,
        {"database": "ok", "executors": "1 of 2 executors have ended"},
    )


def test_a_defect_is_not_taken_for_a_failed_check() -> None:
    with pytest.raises(ZeroDivisionError):
        Health({"broken": lambda: print(1 // 0)}).ready()  # noqa: T201 - never printed
