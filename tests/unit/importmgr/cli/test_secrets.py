"""`importmgr secrets`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importmgr.bootstrap import build
from importmgr.settings import Settings
from tests.unit.importmgr.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("installed")

DOCUMENT = {
    "name": "People",
    "active": False,
    "trigger": {"trigger_type": "now"},
    "source": {
        "source_type": "url",
        "import_url": "https://a.example/x.csv",
        "auth": {"username": "u", "password": "geheim"},
    },
    "destination": {"customer_destination": {}},
    "mapping": {
        "column_mapping": {
            "id_mappings": [{"from_column": "mail", "to_id": "email_id"}],
            "property_mappings": [],
        }
    },
}


@pytest.fixture
def definition(cli: Cli, tmp_path: Path) -> tuple[str, str]:
    """A project and a definition in it whose source has a password."""
    token = cli("project", "create", "Shop").out.strip()
    wiring = build(Settings(data_dir=tmp_path / "data"))
    project = wiring.services.projects.require(token)
    made = wiring.services.definitions.create(project, DOCUMENT, "bloomreach")
    wiring.close()
    return token, made


def test_passwords_and_keys_outlive_a_new_master_key(
    cli: Cli, tmp_path: Path, definition: tuple[str, str]
) -> None:
    token, made = definition
    options = ("--project", token, "--name", "me", "--all-permissions", "--json")
    key = json.loads(cli("key", "create", *options).out)
    before = _stored(tmp_path, made)

    done = cli("secrets", "rotate")

    assert done.out == "1 stored password encrypted under the newest master key\n"
    assert _stored(tmp_path, made) != before
    wiring = build(Settings(data_dir=tmp_path / "data"))
    project = wiring.services.projects.require(token)
    read = wiring.services.definitions.read(project, made, "bloomreach")
    principal = wiring.services.access.authenticate(key["key_id"], key["secret"], "127.0.0.1")
    wiring.close()
    assert principal.project.token == token
    assert read.document["source"]["auth"]["password"].startswith("sealed:v1:")


def _stored(tmp_path: Path, made: str) -> bytes:
    wiring = build(Settings(data_dir=tmp_path / "data"))
    try:
        return dict(wiring.stores.definitions.secrets())[made]
    finally:
        wiring.close()
