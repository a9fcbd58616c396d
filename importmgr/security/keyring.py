"""The installation's master keys: the first one encrypts, every one decrypts.

They live in a file that only its owner may read, one key per line, or in IMPORTMGR_MASTER_KEY.
Each is 32 random bytes in base64. A key's id is derived from it, so it needs no name.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from definitions.errors import SettingsError
from importmgr.security import key_file

KEY_BYTES = 32
KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_VERSION = b"\x01"
_HEAD = len(_VERSION) + KEY_ID_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterKey:
    """One master key; every purpose uses a key of its own that is derived from it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """Return what names this key in encrypted data."""
        return self.derive("key id", KEY_ID_BYTES)

    def derive(self, purpose: str, length: int) -> bytes:
        """Return the key of that purpose."""
        info = f"importmgr {purpose} v1".encode()
        return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(self.secret)


class Keyring:
    """Encrypts with its first key and decrypts with any."""

    def __init__(self, keys: tuple[MasterKey, ...], path: Path | None = None) -> None:
        """Take at least one key, and the file they come from, if any."""
        self._keys = keys
        self._by_id = {key.id: key for key in keys}
        self._path = path

    @classmethod
    def load(cls, path: Path, from_settings: str | None) -> Keyring:
        """Return the keys of the settings, else of the file `path`, which is made if missing.

        Raise `SettingsError` for a file that others can read and for what is not a key.
        """
        if from_settings is not None:
            return cls(_parse(from_settings, "IMPORTMGR_MASTER_KEY"))
        if not path.exists():
            key_file.create(path, _line(_new_key()))
        return cls(_parse(key_file.read(path), f"key file {str(path)!r}"), path)

    @property
    def primary(self) -> MasterKey:
        """Return the key that encrypts."""
        return self._keys[0]

    @property
    def is_file(self) -> bool:
        """Tell whether the keys are kept in a file, so that `rotate` can add one."""
        return self._path is not None

    @property
    def oldest(self) -> MasterKey:
        """Return the key the installation began with."""
        return self._keys[-1]

    @property
    def place(self) -> str:
        """Return where the keys come from, for people."""
        return "in IMPORTMGR_MASTER_KEY" if self._path is None else f"in {str(self._path)!r}"

    @property
    def pepper(self) -> bytes:
        """Return what hashes of API keys depend on: the oldest key, so they outlive `rotate`."""
        return self.oldest.derive("api key pepper", KEY_BYTES)

    def key(self, key_id: bytes) -> MasterKey | None:
        """Return the key of that id, if it is in the ring."""
        return self._by_id.get(key_id)

    def encrypt(self, plaintext: bytes, aad: bytes) -> bytes:
        """Return the plaintext encrypted under the first key, bound to `aad`."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = AESGCM(self.primary.derive("at rest", KEY_BYTES))
        return _VERSION + self.primary.id + nonce + cipher.encrypt(nonce, plaintext, aad)

    def decrypt(self, blob: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raise `SettingsError` if the key is missing or the data changed."""
        key = self.key(blob[len(_VERSION) : _HEAD]) if blob.startswith(_VERSION) else None
        if key is None:
            msg = (
                "stored data was encrypted under a key that is not in the key ring: restore the key"
            )
            raise SettingsError(msg)
        nonce, rest = blob[_HEAD : _HEAD + _NONCE_BYTES], blob[_HEAD + _NONCE_BYTES :]
        try:
            return AESGCM(key.derive("at rest", KEY_BYTES)).decrypt(nonce, rest, aad)
        except (InvalidTag, ValueError) as exc:
            msg = "stored data was changed, or moved from another record: restore it from a backup"
            raise SettingsError(msg) from exc

    def is_current(self, blob: bytes) -> bool:
        """Tell whether the data is encrypted under the first key."""
        return blob[:_HEAD] == _VERSION + self.primary.id

    def rotate(self) -> Keyring:
        """Return the ring with a new first key, written to the key file; the old keys stay."""
        if self._path is None:
            msg = "the keys come from IMPORTMGR_MASTER_KEY: put a new key in front, then a comma"
            raise SettingsError(msg)
        keys = (_new_key(), *self._keys)
        key_file.replace(self._path, "".join(_line(key) for key in keys))
        return Keyring(keys, self._path)


def _new_key() -> MasterKey:
    return MasterKey(secret=os.urandom(KEY_BYTES))


def _line(key: MasterKey) -> str:
    return base64.b64encode(key.secret).decode() + "\n"


def _parse(text: str, name: str) -> tuple[MasterKey, ...]:
    """Return the keys of a text that parts them by commas or white space."""
    keys = tuple(_key(part, name) for part in re.split(r"[,\s]+", text) if part)
    if not keys:
        msg = f"{name} holds no key: make one with `openssl rand -base64 32`"
        raise SettingsError(msg)
    return keys


def _key(text: str, name: str) -> MasterKey:
    try:
        secret = base64.b64decode(text.translate({ord("-"): "+", ord("_"): "/"}), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        msg = f"{name} holds something that is not a key: make one with `openssl rand -base64 32`"
        raise SettingsError(msg)
    return MasterKey(secret=secret)
