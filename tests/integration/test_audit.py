"""Whoever changes something stands in the audit log with it: every operation is performed once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from definitions.errors import PermanentError
from definitions.follow_ups import NOTHING
from importmgr.api.dialects.bloomreach import examples
from importmgr.cli import main
from importmgr.cli.inside import user
from importmgr.store.audit import AuditEntry, AuditFilter
from importmgr.store.runs import Braked
from importmgr.store.tables import audit, integrations, projects
from importmgr.store.transactions import writing
from importmgr.telling.registry import channels
from sources.base import RemoteFile
from tests.acceptance.documents import changed, idle, people
from tests.audited import COMMANDS, DOORS, DRY_RUN_CANCEL, receiver_document
from tests.product import Product
from tests.receivers import told
from tests.rejects import keep_a_row
from tests.ssh_servers import Keys, in_process
from tests.stores import LEASE, ORIGIN
from tests.unit.importmgr.api.conftest import Caller, caller

PASSWORD = "correct horse battery staple"
HOST_KEY = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
PARAMETER = re.compile(r"<(\w+)>")


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Product]:
    product = Product(database_url, tmp_path / "var")
    yield product
    product.close()


def entries(product: Product, **wanted: Any) -> list[AuditEntry]:  # noqa: ANN401 - parts of a filter
    """Return what the audit log holds, the newest first."""
    return list(product.services.audit.everywhere(AuditFilter(**wanted), 1000, 0).items)


def things(product: Product, api: Caller, port: int) -> dict[str, str]:
    """Make one of each thing that a path may name."""
    place = {"host": "127.0.0.1", "port": port, "username": "importer", "password": PASSWORD}
    sftp = {"name": "S", "kind": "sftp", "settings": {**place, "host_key": HOST_KEY}}
    catalog = api.call("POST", "/data/v2/projects/{t}/catalogs", json=examples.CATALOG_BODY)
    import_id = product.create(idle(people()))
    run_id = product.start(import_id).id
    claim = product.wiring.stores.runs.claim("test", LEASE)
    assert claim is not None
    braked = Braked(brake="empty_file", text="a.csv has no rows", figures={})
    product.wiring.stores.runs.brake(run_id, claim.run.token, braked)
    with writing(product.wiring.engine) as transaction:
        file = RemoteFile(path="a.csv", size=None, modified_at=None, etag=None)
        product.wiring.stores.files.plan_one(transaction, run_id, import_id, file, NOTHING)
    keep_a_row(product.wiring.engine, run_id)
    receivers = {
        kind.id_name: product.services.receivers[kind.name]
        .create(product.project, receiver_document(kind))
        .receiver_id
        for kind in channels()
    }
    (notice_id,) = told(product)
    return {
        **receivers,
        "notice_id": notice_id,
        "project_token": api.token,
        "import_id": import_id,
        "run_id": run_id,
        "dry_run_id": product.services.dry_runs.start(product.project, import_id, ORIGIN),
        "integration_id": product.services.integrations.create(product.project, sftp),
        "catalog_id": catalog.json["id"] if catalog.json else "",
        "item_id": "4711",
    }


def test_every_door_leaves_one_record(product: Product, tmp_path: Path) -> None:
    api, keys = caller(product), Keys()
    with in_process(tmp_path, keys) as server:
        made = things(product, api, server.port) | {"host_key": keys.fingerprint}
        for call, door in DOORS.items():
            before = len(entries(product))
            of = made | {"run_id": made["dry_run_id"]} if call == DRY_RUN_CANCEL else made
            method, path = PARAMETER.sub(lambda found, of=of: of[found[1]], call).split(" ")  # type: ignore[misc]
            text = PARAMETER.sub(lambda found: made[found[1]], json.dumps(door.body))
            answer = api.call(method, path, json=json.loads(text))

            assert answer.status_code == 200, (call, answer.text)
            newest, *rest = entries(product)
            assert len(rest) == before, call
            assert (newest.action, newest.actor) == (door.action, api.auth[0]), call
            assert newest.request_id == answer.headers["X-Request-Id"], call
            assert newest.project_token == api.token, call

    assert PASSWORD not in str(entries(product))
    assert "token=geheim" not in str(entries(product))


def test_what_is_refused_leaves_none(product: Product) -> None:
    api = caller(product)
    before = entries(product)

    assert api.call("POST", "/imports/v1/{t}", json={}).status_code == 400
    assert api.call("DELETE", "/imports/v1/{t}/unknown").status_code == 404
    assert api.call("POST", "/imports/v1/{t}/unknown/activate").status_code == 404

    assert entries(product) == before


def test_a_change_that_cannot_be_recorded_is_not_made(product: Product) -> None:
    with product.wiring.engine.begin() as connection:
        audit.drop(connection)

    with pytest.raises(PermanentError, match="refused"):
        product.services.projects.create("Unseen")
    with pytest.raises(PermanentError, match="refused"):
        product.services.integrations.create(
            product.project, {"name": "L", "kind": "s3", "settings": {"bucket": "b"}}
        )

    with product.wiring.engine.begin() as connection:
        names = connection.execute(sa.select(projects.c.name)).scalars().all()
        assert names == ["Shop"]
        assert connection.execute(sa.select(integrations.c.id)).all() == []


def test_nothing_masked_is_shown_that_cannot_be_recorded(product: Product) -> None:
    run_id = product.start(import_id := product.create(idle(people()))).id
    keep_a_row(product.wiring.engine, run_id)
    api, path = caller(product), f"/imports/v1/{{t}}/{import_id}/runs/{run_id}/rejects/unmasked"
    assert "_row" in api.call("GET", path).text
    (read,) = entries(product, action="run.unmasked")
    assert (read.what, read.actor) == (run_id, api.auth[0])
    assert read.after == {"import_id": import_id, "file": 1, "rows": 1}

    with product.wiring.engine.begin() as connection:
        audit.drop(connection)

    refused = api.call("GET", path)
    assert refused.status_code == 500
    assert "_row" not in refused.text


def test_no_secret_of_an_address_is_recorded(product: Product) -> None:
    document = changed(idle(people()), "source.import_url", "https://a.example/x.csv?sig=geheim#y")
    product.create(document)

    (created,) = entries(product, action="import.created")

    assert created.after["source"] == {
        "source_type": "url",
        "import_url": "https://a.example/x.csv",
    }
    assert created.actor == "service"


def test_every_command_leaves_one_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTMGR_DATA_DIR", str(tmp_path / "data"))

    def run(*words: str) -> str:
        done = CliRunner().invoke(main, words, prog_name="importmgr")
        assert done.exit_code == 0, done.stderr
        return done.stdout

    token = run("project", "create", "Shop").strip()
    run("project", "limit", token, "--running", "3")
    options = ("--project", token, "--name", "crm", "--permission", "imports.list")
    key_id = run("key", "create", *options, "--basic").partition(":")[0]
    run("key", "rotate", key_id)
    run("key", "revoke", key_id)
    run("secrets", "rotate")
    run("backup", str(tmp_path / "made.db"))
    found = json.loads(run("audit", "all", "--json"))
    run("restore", str(tmp_path / "made.db"), "--force")
    (newest,) = json.loads(run("audit", "all", "--json", "--last", "1"))

    made = [each["action"] for each in reversed(found)]
    assert [*made, newest["action"]] == [*COMMANDS.values()]
    assert {each["actor"] for each in (*found, newest)} == {f"cli:{user()}"}
    assert [each["project"] for each in found] == [None, None, *[token] * 5]
    assert json.loads(run("audit", "all", "--json", "--object", key_id, "--last", "1")) == [
        found[2]
    ]
    assert "key.revoked" in run("audit", "all")


def test_the_log_of_a_project_is_asked_for_over_http(product: Product) -> None:
    api, other = caller(product), product.services.projects.create("Other")
    import_id = product.create(idle(people()))
    product.create(idle(people()), other)
    api.call("POST", f"/imports/v1/{{t}}/{import_id}/deactivate", headers={"X-Request-Id": "r-1"})
    path = "/api/v1/projects/{t}/audit"

    everything = api.call("GET", path).json
    mine = api.call("GET", f"{path}?actor={api.auth[0]}&object={import_id}&limit=1").json
    early = api.call("GET", f"{path}?until=1&action=import.deactivated").json

    assert everything is not None
    assert [each["action"] for each in everything["audit"]] == [
        *("import.deactivated", "import.created", "key.created", "project.created")
    ]
    assert mine == {
        "audit": [
            {
                "at": everything["audit"][0]["at"],
                "actor": api.auth[0],
                "action": "import.deactivated",
                "object": import_id,
                "before": {"active": True},
                "after": {"active": False},
                "request_id": "r-1",
            }
        ],
        "total": 1,
        "limit": 1,
        "offset": 0,
    }
    assert early is not None
    assert (early["audit"], early["total"]) == ([], 0)


def test_the_log_needs_a_permission_of_its_own(product: Product) -> None:
    reader = caller(product, ("imports.read",))

    answer = reader.call("GET", "/api/v1/projects/{t}/audit")

    assert answer.status_code == 403
    assert "audit.read" in answer.text
