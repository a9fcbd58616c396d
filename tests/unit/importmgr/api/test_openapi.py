from __future__ import annotations

from typing import Any

import pytest

from importmgr.api.openapi import describe
from importmgr.app import create_app
from importmgr.security.permissions import PERMISSIONS
from tests.product import Product
from tests.unit.importmgr.api.conftest import Caller


@pytest.fixture
def description(small_api: Caller) -> dict[str, Any]:
    """The description as clients get it."""
    return dict(small_api.client.get("/openapi.json").get_json())


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every operation of every path."""
    return [
        item[method]
        for item in description["paths"].values()
        for method in ("get", "post", "put", "delete")
        if method in item
    ]


def test_it_is_openapi_3_1(description: dict[str, Any]) -> None:
    """That it is valid, the acceptance tests ask of the running service."""
    assert description["openapi"] == "3.1.0"


def test_it_is_made_once_per_process_when_it_is_asked_for(small_product: Product) -> None:
    describe.cache_clear()
    clients = [create_app(small_product.services).test_client() for _ in range(2)]
    assert describe.cache_info().misses == 0

    texts = {client.get("/openapi.json").text for client in clients}

    assert len(texts) == 1
    assert describe.cache_info().misses == 1


def test_it_names_every_door(small_api: Caller, description: dict[str, Any]) -> None:
    doors = {
        (str(rule).replace("<", "{").replace(">", "}"), method.lower())
        for rule in small_api.client.application.url_map.iter_rules()
        if "." in rule.endpoint
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    paths = description["paths"].items()

    assert {
        (path, method) for path, item in paths for method in item if method != "parameters"
    } == doors


def test_every_operation_documents_every_status(description: dict[str, Any]) -> None:
    statuses = {"200", "400", "401", "403", "404", "413", "429", "500", "503"}

    for one in operations(description):
        assert set(one["responses"]) - {"409"} == statuses


def test_every_operation_says_what_it_does_and_needs(description: dict[str, Any]) -> None:
    for one in operations(description):
        assert one["summary"].endswith(".")
        assert one["security"] == [{"key": []}]
        assert one["x-permission"]


def test_every_permission_opens_a_door(description: dict[str, Any]) -> None:
    needs = " ".join(one["x-permission"] for one in operations(description))

    assert [name for name in PERMISSIONS if name not in needs] == []


def test_operation_ids_are_unique(description: dict[str, Any]) -> None:
    ids = [one["operationId"] for one in operations(description)]

    assert len(ids) == len(set(ids))


def test_every_success_and_every_body_has_an_example(description: dict[str, Any]) -> None:
    for one in operations(description):
        (media,) = one["responses"]["200"]["content"].values()
        assert "example" in media, one["operationId"]
        if "requestBody" in one:
            for body in one["requestBody"]["content"].values():
                assert "example" in body or "examples" in body, one["operationId"]
