"""Secrets in every place that takes one, and all that can go wrong with them: none comes out.

`tests.canary` watches every test; this one gives it the most to see.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from definitions.errors import StoreBusyError
from importmgr.bootstrap import build
from importmgr.log import redact
from importmgr.settings import Settings
from tests.acceptance.documents import PEOPLE, changed, people
from tests.canary import watch
from tests.file_server import FileServer, Status
from tests.product import Product
from tests.unit.importmgr.api.conftest import caller

CANARY = f"canary-{secrets.token_hex(8)}"


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Product]:
    """An installation whose own secrets are canaries."""
    key = base64.b64encode(f"{CANARY}-master".ljust(32, "-").encode()[:32]).decode()
    proxy = f"socks5h://user:{CANARY}-proxy@127.0.0.1:1"
    product = Product(database_url, tmp_path / "var", master_key=key, socks_proxy=proxy)
    for secret in (key, f"{CANARY}-proxy"):
        watch.takes(secret)
    yield product
    product.close()


def test_nothing_secret_comes_out_whatever_goes_wrong(
    product: Product, file_server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    auth = {"username": "crm", "password": f"{CANARY}-password"}
    refused = file_server.put("/refused.csv", PEOPLE)
    file_server.script("/refused.csv", Status(status=401))
    token = f"{CANARY}-token"
    addresses = (refused, f"http://127.0.0.1:1/x.csv?sig={token}", "https://no-such-host.invalid/")
    documents = [changed(people(url), "source.auth", auth) for url in addresses]
    documents.append(changed(documents[0], "source.use_socks_proxy", value=True))
    storage = {"host": "127.0.0.1", "port": 1, "username": "crm", "host_key": "SHA256:" + "A" * 43}
    sftp = {"name": "S", "kind": "sftp", "settings": {**storage, "password": f"{CANARY}-storage"}}
    api = caller(product)

    runs = [product.settle(product.create(document)) for document in documents]
    integration = product.services.integrations.create(product.project, sftp)
    report = api.call("POST", f"/api/v1/projects/{{t}}/integrations/{integration}/test")
    wrong = api.call("GET", "/imports/v1/{t}", auth=(api.auth[0], f"{CANARY}-key-secret"))
    listed = api.call("GET", "/imports/v1/{t}")
    audit = api.call("GET", "/api/v1/projects/{t}/audit?limit=50")
    figures = api.call("GET", "/metrics")

    assert [run.error is not None for run in runs] == [True] * 4
    assert (report.status_code, wrong.status_code) == (200, 401)
    told = [caplog.text, report.text, wrong.text, audit.text, figures.text]
    assert CANARY not in " ".join([*told, *(str(run.error) for run in runs)])
    assert f"{CANARY}-password" not in listed.text
    assert {f"{CANARY}-password", f"{CANARY}-storage", f"{CANARY}-proxy"} <= watch.secrets


def test_settings_and_errors_of_the_database_show_no_password(tmp_path: Path) -> None:
    password = f"{CANARY}-database"
    watch.takes(password)
    settings = Settings(
        data_dir=tmp_path, database_url=f"postgresql://importmgr:{password}@127.0.0.1:1/x"
    )
    wiring = build(settings)

    with pytest.raises(StoreBusyError) as away:
        wiring.services.projects.list()
    wiring.close()

    told = [str(settings.shown()), repr(settings), str(away.value), repr(away.value.__context__)]
    assert CANARY not in " ".join(told)


def test_a_secret_that_is_logged_by_mistake_is_masked() -> None:
    event = {"event": "x", "password": CANARY, "deep": [{"authorization": CANARY}]}
    event["url"] = f"https://user:{CANARY}@a.example/"

    assert CANARY not in str(redact(None, "info", event))
