"""BR38 to BR40, and the rest of what connectors call besides imports."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from tests.service import ProjectAccess, Service

CATALOGS = "/data/v2/projects/{t}/catalogs"
CUSTOMERS = "/data/v2/projects/{t}/customers"
TRACK = "/track/v2/projects/{t}"
JANA = {"email_id": "jana@example.com"}


def body_of(answer: requests.Response) -> dict[str, Any]:
    """Return the body of a success."""
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["success"] is True
    return body


@pytest.fixture
def catalog_path(project: ProjectAccess) -> str:
    """The address of a new catalog."""
    body = {"name": "Products", "is_product_catalog": True, "fields": [{"name": "title"}]}
    return f"{CATALOGS}/{body_of(project.call('POST', CATALOGS, json=body))['id']}"


def test_br38_the_time_is_told(project: ProjectAccess) -> None:
    """BR38. Connectors test their key with the server's clock."""
    stranger = ProjectAccess(url=project.url, token=project.token, auth=("x", "y"))

    before = time.time()
    body = body_of(project.call("GET", f"{TRACK}/system/time"))

    assert before <= body["time"] <= time.time()
    assert body["errors"] == []
    assert stranger.call("GET", f"{TRACK}/system/time").status_code == 401
    assert project.call("GET", "/track/v2/projects/other/system/time").status_code == 403


def test_br39_a_batch_tells_the_fate_of_each_command(project: ProjectAccess) -> None:
    """BR39. One good and one bad command: both are answered, in order, by their ids."""
    commands = [
        {"name": "customers", "command_id": "7", "data": {"customer_ids": JANA}},
        {"name": "customers/events", "command_id": 8, "data": {"customer_ids": JANA}},
        {"name": "system/time"},
        {"name": "nothing", "command_id": "10"},
    ]

    before = time.time()
    body = body_of(project.call("POST", f"{TRACK}/batch", json={"commands": commands, "x": 1}))

    good, bad, clock, unknown = body["results"]
    assert good == {"command_id": "7", "success": True}
    assert (bad["command_id"], bad["success"]) == ("8", False)
    assert any("event_type" in text for text in bad["errors"])
    assert (clock["success"], "command_id" in clock) == (True, False)
    assert before <= clock["time"] <= time.time()
    assert (unknown["command_id"], unknown["success"]) == ("10", False)
    assert body["start_time"] <= body["end_time"]


@pytest.mark.parametrize("commands", [None, [], {}, [{"name": "system/time"}] * 51])
def test_br39_a_batch_has_1_to_50_commands(project: ProjectAccess, commands: object) -> None:
    """BR39. Results are never empty."""
    answer = project.call("POST", f"{TRACK}/batch", json={"commands": commands})

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_br39_a_command_that_is_none_spoils_no_other(project: ProjectAccess) -> None:
    """BR39. Whatever stands between good commands is their neighbour's problem alone."""
    bad = ["x", None, {"command_id": "2"}, {"name": "customers", "command_id": "3", "data": []}]
    good = {"name": "customers", "command_id": "4", "data": {"customer_ids": JANA}}

    body = body_of(project.call("POST", f"{TRACK}/batch", json={"commands": [*bad, good]}))

    assert [result["success"] for result in body["results"]] == [False] * 4 + [True]
    assert [result.get("command_id") for result in body["results"]] == [None, None, "2", "3", "4"]
    assert all(result["errors"] for result in body["results"][:4])


def test_br39_commands_need_their_own_permissions(service: Service) -> None:
    """BR39. A key that may only add events cannot set properties by a batch."""
    project = service.project(["events.write"])
    event = {"customer_ids": JANA, "event_type": "visit"}
    commands = [
        {"name": "customers", "data": {"customer_ids": JANA}},
        {"name": "customers/events", "data": event},
    ]

    body = body_of(project.call("POST", f"{TRACK}/batch", json={"commands": commands}))

    assert [result["success"] for result in body["results"]] == [False, True]


def test_br40_items_are_put_merged_and_deleted(project: ProjectAccess, catalog_path: str) -> None:
    """BR40. Putting replaces, a partial update merges, deleting works once."""
    item = f"{catalog_path}/items/4711"

    body_of(project.call("PUT", item, json={"properties": {"title": "Hat", "old": 1}}))
    body_of(project.call("PUT", item, json={"properties": {"title": "Hat"}}))
    merge = {"properties": {"price": 5}}
    body_of(project.call("POST", f"{item}/partial-update", json=merge))
    body_of(project.call("POST", f"{catalog_path}/items/new/partial-update", json=merge))
    listed = body_of(project.call("GET", f"{catalog_path}/items"))

    properties = {row["item_id"]: row["properties"] for row in listed["data"]}
    assert properties == {"4711": {"title": "Hat", "price": 5}, "new": {"price": 5}}
    assert (listed["total"], listed["matched"], listed["matched_limited"]) == (2, 2, False)
    assert (listed["limit"], listed["skip"]) == (20, 0)
    body_of(project.call("DELETE", item))
    assert project.call("DELETE", item).status_code == 404
    body_of(project.call("DELETE", f"{catalog_path}/items"))
    assert body_of(project.call("GET", f"{catalog_path}/items"))["data"] == []


def test_items_are_searched_and_filtered(project: ProjectAccess) -> None:
    """Ours: `search` in searchable fields, `filter[field]` on indexed ones."""
    fields = [
        {"name": "title", "searchable": True},
        {"name": "price", "type": "number", "indexed": True},
        {"name": "size"},
    ]
    made = project.call("POST", CATALOGS, json={"name": "Hats", "fields": fields})
    path = f"{CATALOGS}/{body_of(made)['id']}/items"
    for number, title in enumerate(["Red Hat", "blue hat", "Blue Shoe"]):
        item = {"properties": {"title": title, "price": 9.5 if number else 9, "size": 1}}
        body_of(project.call("PUT", f"{path}/{number}", json=item))

    def found(**query: str) -> tuple[list[str], int, int]:
        listed = body_of(project.call("GET", path, params=query))
        ids = [item["item_id"] for item in listed["data"]]
        return ids, listed["matched"], listed["total"]

    assert found(search="BLUE") == (["1", "2"], 2, 3)
    assert found(search="") == (["0", "1", "2"], 3, 3)
    assert found(**{"filter[price]": "9.5"}) == (["1", "2"], 2, 3)
    assert found(**{"filter[price]": "9.5", "search": "hat"}) == (["1"], 1, 3)
    assert found(**{"filter[price]": "9.5", "count": "1", "skip": "1"}) == (["2"], 2, 3)
    refused = project.call("GET", path, params={"filter[size]": "1"})
    assert refused.status_code == 400
    assert "filter[size]" in refused.json()["errors"]


def test_searching_and_filtering_is_described(service: Service) -> None:
    paths = requests.get(f"{service.url}/openapi.json", timeout=10).json()["paths"]
    [items] = [path["get"] for name, path in paths.items() if name.endswith("{catalog_id}/items")]

    described = {asked["name"]: asked for asked in items["parameters"]}
    assert {"count", "skip", "search", "filter"} <= described.keys()
    assert described["filter"]["style"] == "deepObject"


def test_catalogs_are_listed_read_replaced_and_deleted(
    project: ProjectAccess, catalog_path: str
) -> None:
    """Section 9: a catalog from its beginning to its end."""
    again = project.call("POST", CATALOGS, json={"name": "Products", "fields": []})
    replaced = {"name": "Goods", "fields": [{"name": "price", "type": "number"}]}

    assert again.status_code == 400
    assert "name" in again.json()["errors"]
    assert body_of(project.call("GET", CATALOGS))["data"][0]["is_product_catalog"] is True
    assert body_of(project.call("PUT", catalog_path, json=replaced)) == {"success": True}
    read = body_of(project.call("GET", catalog_path))["data"]
    assert read["name"] == "Goods"
    assert read["fields"][0]["name"] == "price"
    body_of(project.call("DELETE", catalog_path))
    for path in (catalog_path, f"{catalog_path}/items", f"{CATALOGS}/zzz"):
        assert project.call("GET", path).status_code == 404
    assert project.call("DELETE", catalog_path).status_code == 404


def test_customers_are_tracked_exported_and_forgotten(project: ProjectAccess) -> None:
    """Section 9: a customer from the first property to the last."""
    event = {"customer_ids": JANA, "event_type": "visit", "timestamp": 1767225600.5}
    asked = [
        {"type": "property", "property": "name"},
        {"type": "id", "id": "email_id"},
        {"type": "property", "property": "nothing"},
    ]

    named = {"customer_ids": JANA, "properties": {"name": "Jana", "tags": ["a", None, {"b": 1}]}}
    assert body_of(project.call("POST", f"{TRACK}/customers", json=named))["errors"] == []
    body_of(project.call("POST", f"{TRACK}/customers/events", json=event))
    kept = body_of(project.call("POST", f"{CUSTOMERS}/export-one", json={"customer_ids": JANA}))
    told = body_of(
        project.call(
            "POST", f"{CUSTOMERS}/attributes", json={"customer_ids": JANA, "attributes": asked}
        )
    )
    body_of(
        project.call(
            "POST", f"{CUSTOMERS}/anonymize_bulk", json={"customers": [{"customer_ids": JANA}]}
        )
    )

    assert kept["ids"] == JANA
    assert kept["properties"] == named["properties"]
    assert kept["events"] == [{"type": "visit", "timestamp": 1767225600.5, "properties": {}}]
    assert [answer.get("value") for answer in told["results"]] == ["Jana", JANA["email_id"], None]
    gone = project.call("POST", f"{CUSTOMERS}/export-one", json={"customer_ids": JANA})
    assert gone.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"customer_ids": {}},
        {"customer_ids": {"a": None}},
        {"customer_ids": {"a": {"b": 1}}},
        {"customer_ids": {"a": True}},
        {"customer_ids": {"a": ""}},
        {"customer_ids": "x"},
        {"customer_ids": JANA, "properties": []},
        {"customer_ids": JANA, "properties": {"a": "x\u0000y"}},
        {"customer_ids": JANA, "update_timestamp": "now"},
        {"customer_ids": JANA, "update_timestamp": 1e300},
    ],
)
def test_customers_that_make_no_sense_are_refused(
    project: ProjectAccess, body: dict[str, Any]
) -> None:
    """Section 9: each wrong member is named."""
    answer = project.call("POST", f"{TRACK}/customers", json=body)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_numbers_identify_customers_too(project: ProjectAccess) -> None:
    """Section 9: a whole number stands for its digits, null for no identifier."""
    ids = {"registered": 4711, "cookie": None}

    body_of(project.call("POST", f"{TRACK}/customers", json={"customer_ids": ids}))

    body = {"customer_ids": {"registered": "4711"}}
    kept = body_of(project.call("POST", f"{CUSTOMERS}/export-one", json=body))
    assert kept["ids"] == {"registered": "4711"}
