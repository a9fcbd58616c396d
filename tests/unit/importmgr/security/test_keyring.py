from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import SettingsError
from importmgr.security.keyring import Keyring, MasterKey

OLD = base64.b64encode(b"o" * 32).decode()
NEW = base64.urlsafe_b64encode(b"\xff" * 32).decode()
RING = Keyring((MasterKey(secret=b"k" * 32),))


@given(st.binary(), st.binary())
def test_what_is_encrypted_decrypts_to_itself(plaintext: bytes, aad: bytes) -> None:
    blob = RING.encrypt(plaintext, aad)

    assert RING.decrypt(blob, aad) == plaintext
    assert RING.encrypt(plaintext, aad) != blob


def test_data_moved_to_another_record_does_not_open() -> None:
    blob = RING.encrypt(b"geheim", b"definition:1:password")

    with pytest.raises(SettingsError, match="moved from another record"):
        RING.decrypt(blob, b"definition:2:password")


@given(st.data())
def test_data_that_was_changed_does_not_open(data: st.DataObject) -> None:
    blob = bytearray(RING.encrypt(b"geheim", b"aad"))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(SettingsError):
        RING.decrypt(bytes(blob), b"aad")


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x01abcd", b"\x02" + b"x" * 60])
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(SettingsError, match="not in the key ring"):
        RING.decrypt(rubbish, b"aad")


def test_a_short_blob_of_a_known_key_does_not_open() -> None:
    blob = RING.encrypt(b"", b"aad")

    with pytest.raises(SettingsError):
        RING.decrypt(blob[:9], b"aad")


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "master.key"

    first = Keyring.load(path, None)
    again = Keyring.load(path, None)

    assert path.stat().st_mode & 0o777 == 0o600
    assert again.decrypt(first.encrypt(b"x", b""), b"") == b"x"
    assert again.pepper == first.pepper
    assert again.is_file is True


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    Keyring.load(path, None)
    path.chmod(0o644)

    with pytest.raises(SettingsError, match="can be read by others"):
        Keyring.load(path, None)


def test_keys_of_the_settings_need_no_file(tmp_path: Path) -> None:
    ring = Keyring.load(tmp_path / "master.key", f"{NEW}, {OLD}\n")

    assert list(tmp_path.iterdir()) == []
    assert ring.is_file is False
    assert ring.primary.secret == b"\xff" * 32
    assert ring.decrypt(Keyring.load(tmp_path, OLD).encrypt(b"x", b""), b"") == b"x"


@pytest.mark.parametrize("text", ["", " , ", "geheim", OLD[:-4], OLD + "AAAA", "ü" * 44])
def test_what_is_no_key_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"IMPORTMGR_MASTER_KEY holds .*openssl") as refused:
        Keyring.load(tmp_path, text)

    assert not text.strip(" ,") or text not in str(refused.value)


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.touch(mode=0o600)

    with pytest.raises(SettingsError, match=r"master.key' holds no key"):
        Keyring.load(path, None)


def test_rotation_puts_a_new_key_first_and_keeps_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    before = Keyring.load(path, None)
    blob = before.encrypt(b"geheim", b"aad")

    after = before.rotate()
    reloaded = Keyring.load(path, None)

    for ring in (after, reloaded):
        assert ring.decrypt(blob, b"aad") == b"geheim"
        assert ring.is_current(blob) is False
        assert ring.is_current(ring.encrypt(b"geheim", b"aad")) is True
        assert ring.pepper == before.pepper
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError, match="not in the key ring"):
        before.decrypt(after.encrypt(b"geheim", b"aad"), b"aad")


def test_keys_of_the_settings_are_rotated_in_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="put a new key in front"):
        Keyring.load(tmp_path, OLD).rotate()


def test_every_purpose_has_a_key_of_its_own() -> None:
    key = MasterKey(secret=b"k" * 32)

    assert len({key.derive(name, 32) for name in ("at rest", "sealed password", "x")}) == 3
    assert "k" * 8 not in repr(key)
