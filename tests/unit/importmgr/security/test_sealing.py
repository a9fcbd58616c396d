from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from definitions.errors import InvalidError, SettingsError
from importmgr.security.keyring import Keyring, MasterKey
from importmgr.security.sealing import Sealer
from tests.engines import open_engine
from tests.stores import Stores, definition

SEALER = Sealer(Keyring((MasterKey(secret=b"k" * 32),)))
ORIGIN = "https://files.example.test:443"
WORDS = st.text(st.characters(codec="utf-8"))


@given(WORDS, WORDS, WORDS)
def test_a_sealed_password_opens_for_its_origin_and_user(
    password: str, origin: str, username: str
) -> None:
    token = SEALER.seal(password, origin, username)

    assert token.startswith("sealed:v1:")
    assert SEALER.unseal(token, origin, username) == password
    assert SEALER.seal(password, origin, username) == token


@given(WORDS, WORDS, WORDS, WORDS)
def test_it_opens_for_no_other_origin_or_user(one: str, two: str, other: str, third: str) -> None:
    assume((one, two) != (other, third))
    token = SEALER.seal("geheim", one, two)

    with pytest.raises(InvalidError):
        SEALER.unseal(token, other, third)


def test_a_token_of_another_host_says_what_to_do() -> None:
    token = SEALER.seal("geheim", ORIGIN, "user")

    with pytest.raises(InvalidError) as refused:
        SEALER.unseal(token, "https://elsewhere.example.test:443", "user")

    (text,) = refused.value.problems["source.auth.password"]
    assert "another host or user name" in text
    assert text.endswith("send the password itself")
    assert "authenticate" not in text.lower()


def test_a_token_of_another_installation_is_refused() -> None:
    other = Sealer(Keyring((MasterKey(secret=b"x" * 32),)))

    with pytest.raises(InvalidError, match="another installation"):
        SEALER.unseal(other.seal("geheim", ORIGIN, "user"), ORIGIN, "user")


@given(st.data())
def test_a_forged_token_is_refused(data: st.DataObject) -> None:
    token = SEALER.seal("a long password", ORIGIN, "user")
    place = data.draw(st.integers(len("sealed:v1:"), len(token) - 3))
    letter = data.draw(st.sampled_from("ABCxyz019-_=*ü"))
    assume(token[place] != letter)

    with pytest.raises(InvalidError):
        SEALER.unseal(token[:place] + letter + token[place + 1 :], ORIGIN, "user")


@pytest.mark.parametrize("rubbish", ["", "geheim", "sealed:v1:", "sealed:v1:A", "sealed:v2:AAAA"])
def test_rubbish_is_refused(rubbish: str) -> None:
    with pytest.raises(InvalidError) as refused:
        SEALER.unseal(rubbish, ORIGIN, "user")

    assert list(refused.value.problems) == ["source.auth.password"]


def test_a_token_opens_as_long_as_its_key_is_kept(tmp_path: Path) -> None:
    ring = Keyring.load(tmp_path / "master.key", None)
    token = Sealer(ring).seal("geheim", ORIGIN, "user")

    rotated = Sealer(ring.rotate())

    assert rotated.unseal(token, ORIGIN, "user") == "geheim"
    assert rotated.seal("geheim", ORIGIN, "user") != token


def test_a_stored_password_belongs_to_its_definition() -> None:
    blob = SEALER.encrypt_password("a" * 24, "geheim")

    assert SEALER.decrypt_password("a" * 24, blob) == "geheim"
    with pytest.raises(SettingsError, match="the password of definition 'b") as refused:
        SEALER.decrypt_password("b" * 24, blob)
    assert "geheim" not in str(refused.value)


@pytest.fixture
def stores(database_url: str) -> Iterator[Stores]:
    with open_engine(database_url) as engine:
        yield Stores(engine)


def test_after_a_rotation_every_stored_password_is_encrypted_anew(
    stores: Stores, tmp_path: Path
) -> None:
    ring = Keyring.load(tmp_path / "master.key", None)
    passwords = {_with_password(stores, Sealer(ring), word): word for word in ("one", "two")}
    rotated = ring.rotate()
    sealer = Sealer(rotated)

    for definition_id, blob in stores.definitions.secrets():
        renewed = sealer.renew_password(definition_id, blob)
        assert renewed is not None
        assert stores.definitions.replace_secret(definition_id, blob, renewed)

    without_the_old_key = Sealer(Keyring((rotated.primary,)))
    for definition_id, blob in stores.definitions.secrets():
        assert sealer.renew_password(definition_id, blob) is None
        opened = without_the_old_key.decrypt_password(definition_id, blob)
        assert opened == passwords[definition_id]


def test_the_database_file_holds_no_password(sqlite_url: str, tmp_path: Path) -> None:
    with open_engine(sqlite_url) as engine:
        _with_password(Stores(engine), SEALER, "a-Very-geheimes-Passwort")

    files = [path for path in tmp_path.iterdir() if path.name.startswith("importmgr.db")]
    assert files
    assert b"geheimes" not in b"".join(path.read_bytes() for path in files)


def _with_password(stores: Stores, sealer: Sealer, password: str) -> str:
    """Store a definition with that password and return its id."""
    made = definition(stores.project())
    made = replace(made, secret=sealer.encrypt_password(made.id, password))
    stores.definitions.add(made, max_active=10)
    return made.id
