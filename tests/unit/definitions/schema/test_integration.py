from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from definitions.errors import InvalidError
from definitions.places import SftpPlace
from definitions.schema.integration import (
    PLACES,
    SETTINGS,
    check_integration,
    secret_names,
    to_place,
)

HOST_KEY = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
SFTP: dict[str, Any] = {
    "host": "files.example.test",
    "username": "importer",
    "password": "geheim",
    "host_key": HOST_KEY,
}
MINIMAL: dict[str, dict[str, Any]] = {
    "local": {"folder": "/srv"},
    "sftp": SFTP,
    "s3": {"bucket": "b"},
    "gcs": {"bucket": "b"},
    "azure": {"account": "a", "container": "c"},
}


def document(kind: str, **settings: object) -> dict[str, Any]:
    return {"name": "Mine", "kind": kind, "settings": {**MINIMAL.get(kind, {}), **settings}}


def problems(given: object) -> dict[str, str]:
    with pytest.raises(InvalidError) as caught:
        check_integration(given)
    return {path: texts[0] for path, texts in caught.value.problems.items()}


@pytest.mark.parametrize("kind", SETTINGS)
def test_every_kind_has_a_place_made_of_its_settings(kind: str) -> None:
    checked = check_integration(document(kind))

    place = to_place(kind, checked["settings"])

    assert isinstance(place, PLACES[kind])
    parts = {part.name for part in fields(place)} - {"integration_id"}  # known once it is stored
    assert parts == set(SETTINGS[kind]().fields)
    assert check_integration(checked) == checked


def test_defaults_are_written() -> None:
    place = to_place("sftp", check_integration(document("sftp"))["settings"])

    assert isinstance(place, SftpPlace)
    assert (place.port, place.folder, place.private_key) == (22, "", None)


def test_secrets_are_known_by_name() -> None:
    assert secret_names("sftp") == ("password", "private_key", "passphrase")
    assert secret_names("local") == ()


@pytest.mark.parametrize(
    ("kind", "settings", "path", "text"),
    [
        ("sftp", {"host": "https://x"}, "host", "without scheme"),
        ("sftp", {"port": 0}, "port", "must be from 1 to 65535"),
        ("sftp", {"port": "22"}, "port", "must be a whole number"),
        ("sftp", {"host_key": None}, "host_key", "must not be null"),
        ("sftp", {"host_key": "MD5:00"}, "host_key", "must be the fingerprint"),
        ("sftp", {"password": None}, "password", "is required unless"),
        ("sftp", {"folder": "../x"}, "folder", "must not contain '..'"),
        ("s3", {"access_key_id": "a"}, "secret_access_key", "give both or none"),
        ("s3", {"endpoint": "ftp://x"}, "endpoint", "begins with http"),
        ("azure", {"access_key": "a", "sas_token": "b"}, "sas_token", "give one"),
        ("s3", {"bucket": "Bad/../x"}, "bucket", "letters, digits, '.', '_' and '-', not"),
        ("gcs", {"bucket": "a b"}, "bucket", "not 'a b'"),
        ("azure", {"container": "-"}, "container", "must be made of letters"),
    ],
)
def test_a_wrong_setting_is_named(
    kind: str, settings: dict[str, object], path: str, text: str
) -> None:
    assert text in problems(document(kind, **settings))[f"settings.{path}"]


def test_all_problems_are_told_at_once() -> None:
    found = problems({"kind": "sftp", "settings": {"port": 22}})

    assert set(found) == {"name", "settings.host", "settings.username", "settings.host_key"} | (
        {"settings.password"} & set(found)
    )


def test_names_that_nobody_knows_are_refused() -> None:
    sent = {"name": "Drop", "kind": "local", "settings": {"folder": "/srv", "foldr": "/in"}}

    with pytest.raises(InvalidError) as caught:
        check_integration(sent | {"kin": "sftp"})

    assert dict(caught.value.problems) == {
        "kin": ["'kin' is no option here; did you mean 'kind'?"],
        "settings.foldr": ["'foldr' is no option here; did you mean 'folder'?"],
    }


def test_an_unknown_kind_is_told_with_the_nearest() -> None:
    assert problems(document("sfpt"))["kind"].endswith("did you mean 'sftp'?")


@pytest.mark.parametrize("given", [[], "x", None])
def test_only_objects_are_documents(given: object) -> None:
    assert "body" in problems(given)
    assert "settings" in problems({"name": "x", "kind": "local", "settings": given})
