"""Integrations: what is kept, what is shown, what a test says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from definitions.errors import InvalidError, NotFoundError, RequestError
from definitions.troubles import Trouble
from importmgr.services.integrations import Integrations
from importmgr.store.tables import integrations as table
from importmgr.store.transactions import reading
from tests.product import Product
from tests.ssh_servers import PASSWORD, USER, Cutting, Keys, in_process

HOST_KEY = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"


def sftp(port: int = 22, host_key: str = HOST_KEY, **settings: object) -> dict[str, Any]:
    known = {"host": "127.0.0.1", "port": port, "username": USER, "password": PASSWORD}
    return {"name": "S", "kind": "sftp", "settings": {**known, "host_key": host_key, **settings}}


@pytest.fixture
def integrations(product: Product) -> Integrations:
    return product.services.integrations


def test_secrets_are_encrypted_at_rest_and_sealed_when_read(
    product: Product, integrations: Integrations
) -> None:
    made = integrations.create(product.project, sftp())

    shown = integrations.read(product.project, made).document
    with reading(product.wiring.engine) as transaction:
        stored = repr(transaction.execute(table.select()).all())

    assert shown["settings"]["password"].startswith("sealed:v1:")
    assert PASSWORD not in stored
    assert len(made) == 24
    assert integrations.list(product.project, 10, 0).items[0].document == shown


def test_what_is_read_can_be_created_again(product: Product, integrations: Integrations) -> None:
    other = product.services.projects.create("Other")
    shown = integrations.read(
        product.project, integrations.create(product.project, sftp())
    ).document

    copied = integrations.read(other, integrations.create(other, shown)).document

    assert copied == shown


@pytest.mark.parametrize("change", [{"host": "other.example.test"}, {"username": "other"}])
def test_a_sealed_secret_is_good_for_its_server_and_user_only(
    product: Product, integrations: Integrations, change: dict[str, str]
) -> None:
    shown = integrations.read(
        product.project, integrations.create(product.project, sftp())
    ).document
    moved = {**shown, "settings": {**shown["settings"], **change}}

    with pytest.raises(InvalidError) as caught:
        integrations.create(product.project, moved)

    assert "send the secret itself" in caught.value.problems["settings.password"][0]


def test_secrets_survive_a_rotation_of_the_master_key(
    product: Product, integrations: Integrations
) -> None:
    made = integrations.create(product.project, sftp())

    assert product.services.secrets.rotate() == 1
    again = product.beside()
    (_, blob), *_ = again.wiring.stores.integrations.secrets()
    assert again.wiring.keyring.is_current(blob)
    shown = again.services.integrations.read(product.project, made).document
    assert shown["settings"]["password"].startswith("sealed:v1:")
    again.close()


def test_other_projects_see_nothing(product: Product, integrations: Integrations) -> None:
    other = product.services.projects.create("Other")
    made = integrations.create(product.project, sftp())

    for call in (integrations.read, integrations.delete, integrations.test):
        with pytest.raises(NotFoundError, match=made):
            call(other, made)


def test_a_test_tells_files_and_times(
    product: Product, integrations: Integrations, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("x")
    keys = Keys()
    with in_process(tmp_path, keys) as server:
        made = integrations.create(product.project, sftp(server.port, keys.fingerprint))
        report = integrations.test(product.project, made)

    assert (report.trouble, report.error) == (None, None)
    assert report.files is not None
    assert report.files >= 1
    assert report.connect_ms is not None
    assert report.list_ms is not None


def test_a_test_names_what_is_wrong(
    product: Product, integrations: Integrations, tmp_path: Path
) -> None:
    keys = Keys()
    with in_process(tmp_path, keys) as server:
        right = sftp(server.port, keys.fingerprint)
        wrong: dict[Trouble, dict[str, Any]] = {
            Trouble.HOST_KEY: {"host_key": HOST_KEY},
            Trouble.LOGIN: {"password": "no"},
            Trouble.RESOLUTION: {"host": "no-such-host.invalid"},
            Trouble.REFUSED: {"port": 1},
            Trouble.PATH: {"folder": "nowhere"},
        }
        for trouble, change in wrong.items():
            settings = {**right["settings"], **change}
            made = integrations.create(product.project, {**right, "settings": settings})
            report = integrations.test(product.project, made)
            assert (report.trouble, bool(report.error)) == (trouble, True), report


def test_a_changed_host_key_is_trusted_in_a_step_of_its_own(
    product: Product, integrations: Integrations, tmp_path: Path
) -> None:
    keys = Keys()
    with in_process(tmp_path, keys) as server:
        made = integrations.create(product.project, sftp(server.port))
        refused = integrations.test(product.project, made)
        with pytest.raises(InvalidError, match="trust what it shows"):
            integrations.trust(product.project, made, HOST_KEY)
        shown = integrations.host_key("127.0.0.1", server.port)
        integrations.trust(product.project, made, shown)
        trusted = integrations.test(product.project, made)

    assert keys.fingerprint in (refused.error or "")
    assert HOST_KEY in (refused.error or "")
    assert f"`importmgr integration test {made} --trust`" in (refused.error or "")
    assert shown == keys.fingerprint
    assert trusted.trouble is None


def test_a_trial_of_writing_tells_what_was_seen_however_it_ends(
    product: Product, integrations: Integrations, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.csv").write_text("x")
    keys, cutting = Keys(), Cutting()
    with in_process(folder, keys, cutting=cutting) as server:
        made = integrations.create(product.project, sftp(server.port, keys.fingerprint))
        well = integrations.test_writing(product.project, made)
        (folder / "done").mkdir()
        below = integrations.test_writing(product.project, made, "/done/")
        missing = integrations.test_writing(product.project, made, "gone")
        cutting.read_only = True
        refused = integrations.test_writing(product.project, made)
        looked_at = integrations.test(product.project, made)

    assert (well.trouble, well.files) == (None, 1)
    assert None not in {well.write_ms, below.write_ms}
    assert (missing.trouble, missing.write_ms) == (Trouble.PATH, None)
    assert "a file cannot be written in the folder 'gone'" in (missing.error or "")
    assert (refused.trouble, refused.files, refused.write_ms) == (Trouble.DENIED, 1, None)
    assert "a file cannot be written in the folder" in (refused.error or "")
    assert "right to write there" in (refused.error or "")
    assert (looked_at.trouble, looked_at.write_ms) == (None, None)
    assert {path.name for path in folder.rglob("*")} == {"a.csv", "done"}


def test_only_sftp_has_host_keys(product: Product, integrations: Integrations) -> None:
    document = {"name": "L", "kind": "s3", "settings": {"bucket": "b"}}
    made = integrations.create(product.project, document)

    with pytest.raises(RequestError, match="without host key"):
        integrations.trust(product.project, made, HOST_KEY)
    assert integrations.test(product.project, made).trouble is not None
    integrations.delete(product.project, made)
    with pytest.raises(NotFoundError):
        integrations.read(product.project, made)


def test_a_login_that_cannot_be_one_is_refused_when_it_is_created(
    product: Product, integrations: Integrations
) -> None:
    sent = {"bucket": "b", "service_account": PASSWORD}

    with pytest.raises(InvalidError) as caught:
        integrations.create(product.project, {"name": "G", "kind": "gcs", "settings": sent})

    assert set(caught.value.problems) == {"settings.service_account"}
    assert PASSWORD not in str(caught.value)
