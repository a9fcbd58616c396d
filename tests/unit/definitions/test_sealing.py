from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.schema import normalise
from definitions.sealing import SEAL, is_sealed, origin_of, password_of, with_password
from tests.unit.definitions.documents import document

LOGIN = {"username": "ann", "password": "hunter2"}
FILES = {
    "source_type": "filestorage",
    "integration_id": "5f3c1a2b4d5e6f708192a3b4",
    "path": "*.csv",
    "file_selection": "all",
}


def with_auth(auth: object) -> dict[str, Any]:
    """Return a normalised document of a URL source with a login."""
    return normalise(document(source=document()["source"] | {"auth": auth}))


def test_the_password_is_found() -> None:
    assert password_of(with_auth(LOGIN)) == "hunter2"


@pytest.mark.parametrize(
    "normal", [with_auth(None), normalise(document()), normalise(document(source=FILES))]
)
def test_a_document_without_a_login_has_no_password(normal: dict[str, Any]) -> None:
    assert password_of(normal) is None


@given(password=st.text())
def test_another_password_changes_a_copy_only(password: str) -> None:
    normal = with_auth(LOGIN)
    before = copy.deepcopy(normal)

    changed = with_password(normal, password)

    assert password_of(changed) == password
    assert normal == before
    assert with_password(changed, "hunter2") == normal


@pytest.mark.parametrize(
    ("text", "sealed"),
    [(f"{SEAL}abc", True), ("sealed:v2:abc", False), ("hunter2", False), ("", False)],
)
def test_a_sealed_text_is_known_by_its_beginning(text: str, sealed: bool) -> None:
    assert is_sealed(text) is sealed


def test_a_secret_is_bound_to_scheme_host_and_port() -> None:
    assert origin_of("HTTPS://Files.example.test/a?b") == "https://files.example.test:443"
