"""The request sequences of the official connectors, sent as they send them."""

from __future__ import annotations

import base64
import json
from typing import Any

import requests

from tests.acceptance.documents import Document
from tests.file_server import FileServer
from tests.service import ProjectAccess

HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class Client:
    """Speaks as a connector does: raw bodies, a header of its own making, `=== 200`."""

    def __init__(self, project: ProjectAccess) -> None:
        pair = ":".join(project.auth).encode()
        self._headers = {**HEADERS, "Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        self._base = project.url
        self.token = project.token

    def send(self, method: str, path: str, body: Document | None = None) -> Any:  # noqa: ANN401
        """Send a body as text and return the answer's JSON, which must not be a scalar."""
        answer = requests.request(
            method,
            self._base + path.replace("{t}", self.token),
            data=None if body is None else json.dumps(body),
            headers=self._headers,
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        decoded = answer.json()
        assert isinstance(decoded, dict | list)
        return decoded


def test_the_magento_2_connector(project: ProjectAccess, file_server: FileServer) -> None:
    """Test the key, make the catalog, make an import over an empty file, run it over real ones."""
    client = Client(project)
    header = file_server.put("/catalog_product_initial.csv", "item_id,title,price,active\n")
    files = [
        file_server.put(
            f"/catalog_product_{n}.csv", f"item_id,title,price,active\n{n},T{n},{n}.5,TRUE\n"
        )
        for n in (1, 2)
    ]

    assert client.send("GET", "/track/v2/projects/{t}/system/time")["success"] is True
    fields = [{"name": "title", "type": "string", "searchable": True}]
    catalog = {"name": "Magento Products", "is_product_catalog": True, "fields": fields}
    catalog_id = client.send("POST", "/data/v2/projects/{t}/catalogs", catalog)["id"]
    import_id = client.send("POST", "/imports/v1/{t}", magento_import(header))["import_id"]
    tested = client.send("POST", f"/imports/v1/{{t}}/{import_id}/run", {"test_connection": True})
    for url in files:
        body = {"path_to_overwrite": url, "test_connection": False}
        assert client.send("POST", f"/imports/v1/{{t}}/{import_id}/run", body)["success"] is True
    runs = finished(project, import_id, 3)
    items = client.send("GET", f"/data/v2/projects/{{t}}/catalogs/{catalog_id}/items")

    assert tested["run_id"] is None
    assert [run["status"] for run in runs] == ["completed"] * 3
    assert sorted(row["item_id"] for row in items["data"]) == ["1", "2"]
    assert items["data"][0]["properties"]["active"] is True
    path = f"/data/v2/projects/{{t}}/catalogs/{catalog_id}/items/1/partial-update"
    assert client.send("POST", path, {"properties": {"price": 7}})["success"] is True
    path = f"/data/v2/projects/{{t}}/catalogs/{catalog_id}/items/2"
    assert client.send("DELETE", path)["success"] is True


def magento_import(url: str) -> Document:
    """Return the body that the Magento connector sends."""
    kinds = {"item_id": "number", "title": "string", "price": "number", "active": "boolean"}
    mappings = [
        {
            "from_column": name,
            "to_column": name,
            "target_type": kind,
            "searchable": False,
            "indexed": None,
        }
        for name, kind in kinds.items()
    ]
    return {
        "name": "Magento Products",
        "trigger": {"trigger_type": "now"},
        "active": True,
        "source": {
            "source_type": "url",
            "import_url": url,
            "use_socks_proxy": False,
            "auth": None,
        },
        "mapping": {
            "tz_info": "UTC",
            "column_mapping": {"id_mappings": [], "property_mappings": mappings},
        },
        "timestamp_column": None,
        "destination": {
            "catalog_destination": {
                "catalog_name": "Magento Products",
                "catalog_attributes": {"catalog_type": "product"},
            }
        },
    }


def test_the_salesforce_cartridge(project: ProjectAccess, file_server: FileServer) -> None:
    """Start an import over a file on the same protected host, then ask for nothing more."""
    client = Client(project)
    urls = [file_server.put(f"/{name}.csv", f"mail,name\n{name}@x.test,{name}\n") for name in "ab"]
    for path in ("/a.csv", "/b.csv"):
        file_server.protect(path, "sfcc", "secret of the cartridge")
    document = {
        "name": "SFCC Customers",
        "trigger": {"trigger_type": "on_new_file"},
        "source": {
            "source_type": "url",
            "import_url": urls[0],
            "auth": {"username": "sfcc", "password": "secret of the cartridge"},
        },
        "destination": {"customer_destination": []},
        "mapping": {
            "column_mapping": {
                "id_mappings": [{"from_column": "mail", "to_id": "registered"}],
                "property_mappings": [{"from_column": "mail", "to_column": "email"}],
            }
        },
    }
    import_id = client.send("POST", "/imports/v1/{t}", document)["import_id"]

    client.send("POST", f"/data/v2/projects/{{t}}/imports/{import_id}/start", {"path": urls[1]})

    (run,) = finished(project, import_id, 1)
    assert (run["status"], run["rows_created"]) == ("completed", 1)
    assert run["source_location"] == urls[1]


def test_the_python_sdk(project: ProjectAccess) -> None:
    """Catalogs, tracking, a batch, exports; every result is looked up under `success`."""
    client = Client(project)
    data, track = "/data/v2/projects/{t}", "/track/v2/projects/{t}"
    ids = {"customer_ids": {"registered": "jana@example.com"}}

    made = client.send("POST", f"{data}/catalogs", {"name": "sdk", "fields": [{"name": "title"}]})
    item = f"{data}/catalogs/{made['id']}/items/1"
    client.send("PUT", item, {"properties": {"title": "Hat"}})
    listed = client.send("GET", f"{data}/catalogs/{made['id']}/items?count=5&skip=0")
    names = client.send("GET", f"{data}/catalogs")
    named = {**ids, "properties": {"first_name": "Jana"}}
    client.send("POST", f"{track}/customers", named)
    event = {**ids, "event_type": "visit", "timestamp": 1767225600, "properties": {}}
    client.send("POST", f"{track}/customers/events", event)
    commands = [{"name": "customers", "data": named}, {"name": "customers/events", "data": event}]
    batch = client.send("POST", f"{track}/batch", {"commands": commands})
    exported = client.send("POST", f"{data}/customers/export-one", ids)
    asked = {**ids, "attributes": [{"type": "property", "property": "first_name"}]}
    told = client.send("POST", f"{data}/customers/attributes", asked)

    assert listed["data"][0]["properties"] == {"title": "Hat"}
    assert {row["name"]: row["id"] for row in names["data"]} == {"sdk": made["id"]}
    assert [result["success"] for result in batch["results"]] == [True, True]
    assert exported["properties"] == {"first_name": "Jana"}
    assert {event["type"] for event in exported["events"]} == {"visit"}
    assert told["results"][0]["value"] == "Jana"
    assert client.send("POST", f"{data}/customers/anonymize_bulk", {"customers": [ids]})["success"]


def test_the_commercetools_connector(project: ProjectAccess, file_server: FileServer) -> None:
    """Look for its import in the list, make it with every key of a schedule, find it again."""
    client = Client(project)
    url = file_server.put("/ct.csv", "id,name,price\np1,Hat,5\n")
    document = {
        "name": "commercetools products",
        "trigger": {
            "trigger_type": "now",
            "frequency": "daily",
            "times": [{"hour": 0, "minute": 0}],
            "days": [],
            "minutes": [],
            "timezone": "UTC",
            "from_date": None,
            "to_date": None,
        },
        "source": {"source_type": "url", "import_url": url},
        "destination": {
            "catalog_destination": {
                "catalog_name": "commercetools",
                "catalog_attributes": {"catalog_type": "product"},
            }
        },
        "mapping": {
            "column_mapping": {
                "id_mappings": [{"from_column": "id", "to_id": "item_id", "type": "text"}],
                "property_mappings": [
                    {"from_column": "name", "to_column": "name", "type": "text"},
                    {"from_column": "price", "to_column": "price", "type": "number"},
                ],
            }
        },
    }

    assert client.send("GET", "/imports/v1/{t}") == []
    import_id = client.send("POST", "/imports/v1/{t}", document)["import_id"]
    (listed,) = client.send("GET", "/imports/v1/{t}?limit=50&offset=0")
    (run,) = finished(project, import_id, 1)

    assert listed["import_id"] == import_id
    assert listed["import_definition"]["trigger"] == {"trigger_type": "now"}
    assert (run["status"], run["rows_created"]) == ("completed", 1)
    (row,) = client.send("GET", "/data/v2/projects/{t}/catalogs")["data"]
    (item,) = client.send("GET", f"/data/v2/projects/{{t}}/catalogs/{row['id']}/items")["data"]
    assert (item["item_id"], item["properties"]) == ("p1", {"name": "Hat", "price": 5})


def finished(project: ProjectAccess, import_id: str, count: int) -> list[dict[str, Any]]:
    """Return the runs of a definition, oldest first, once there are `count` and the last ended."""
    project.finished(import_id)
    runs = [project.run(import_id, run["run_id"]) for run in reversed(project.runs(import_id))]
    assert len(runs) == count
    return runs
