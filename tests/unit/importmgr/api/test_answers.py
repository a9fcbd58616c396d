from __future__ import annotations

import pytest
import sqlalchemy as sa

from definitions.errors import StoreBusyError
from importmgr.services.definitions import Definitions
from tests.product import Product
from tests.unit.importmgr.api.conftest import Caller


def test_problems_are_told_in_the_shape_of_the_dialect(small_api: Caller) -> None:
    body = small_api.call("GET", "/imports/v1/{t}/none").get_json()

    assert set(body) == {"success", "error", "errors"}


def test_where_nobody_speaks_a_dialect_the_shape_is_neutral(small_api: Caller) -> None:
    body = small_api.client.get("/nothing").get_json()

    assert set(body) == {"error", "code"}


def test_what_nobody_foresaw_is_500_and_tells_nothing(
    small_api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        msg = "a secret detail"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(Definitions, "list", fail)  # no real part fails like that on demand

    answer = small_api.call("GET", "/imports/v1/{t}")

    assert answer.status_code == 500
    assert answer.get_json() == {"success": False, "error": "internal error", "errors": {}}


def test_a_panic_of_a_library_is_500_and_ends_no_thread(
    small_api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panic(BaseException):
        """What libraries written in Rust raise."""

    def fail(*_: object) -> None:
        msg = "a secret detail"
        raise Panic(msg)

    monkeypatch.setattr(Definitions, "list", fail)  # no real part fails like that on demand

    answer = small_api.call("GET", "/imports/v1/{t}")

    assert answer.status_code == 500
    assert answer.get_json()["error"].startswith("internal error")
    assert "secret detail" not in answer.text


def test_a_busy_store_is_503_and_worth_another_try(
    small_api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        msg = "the database is busy"
        raise StoreBusyError(msg)

    monkeypatch.setattr(Definitions, "list", fail)  # a real lock would hold the test for long

    answer = small_api.call("GET", "/imports/v1/{t}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_database_that_is_away_is_told_as_json(small_product: Product, small_api: Caller) -> None:
    with small_product.wiring.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE definitions RENAME TO elsewhere"))

    answer = small_api.call("GET", "/imports/v1/{t}")

    assert answer.status_code in {500, 503}
    assert "elsewhere" not in answer.text
    assert set(answer.get_json()) == {"success", "error", "errors"}


def test_options_are_answered_as_json(small_api: Caller) -> None:
    answer = small_api.call("OPTIONS", "/imports/v1/{t}/x")

    assert answer.get_json() == {"success": True}
    assert set(answer.allow) == {"DELETE", "GET", "HEAD", "OPTIONS"}
    assert small_api.call("OPTIONS", "/imports/v1/{t}/x/y/z").status_code == 404
