"""Passwords of sources: sealed for whoever reads a definition, encrypted at rest."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from definitions.errors import InvalidError, SettingsError
from importmgr.security.keyring import KEY_ID_BYTES, Keyring, MasterKey

PREFIX = "sealed:v1:"
_SIV_KEY_BYTES = 64
_FIELD = "source.auth.password"
_FOREIGN = "was sealed by another installation, or under a key that is gone"
_MISPLACED = "was sealed for another host or user name, or was changed"
_DAMAGED = "is not a whole sealed secret"


class Sealer:
    """Turns passwords into texts and bytes that are useless without the key ring."""

    def __init__(self, keyring: Keyring) -> None:
        """Take the installation's keys."""
        self._keyring = keyring

    def seal(self, password: str, origin: str, username: str) -> str:
        """Return a token that stands for the password at that origin for that user only.

        Equal arguments give equal tokens, so that a definition reads the same each time.
        """
        key = self._keyring.primary
        sealed = _cipher(key).encrypt(password.encode(), _context(origin, username))
        return PREFIX + base64.urlsafe_b64encode(key.id + sealed).decode()

    def unseal(self, token: str, origin: str, username: str, field: str = _FIELD) -> str:
        """Return the password sealed here for that origin and user, else raise `InvalidError`.

        `field` is the path under which the error is told.
        """
        try:
            return self._unsealed(token, _context(origin, username))
        except ValueError as exc:
            word = "password" if field == _FIELD else "secret"
            text = f"this {word} {exc}: send the {word} itself"
            raise InvalidError({field: [text]}) from exc

    def encrypt_secrets(self, integration_id: str, secrets: Mapping[str, str]) -> bytes:
        """Return what is stored of an integration's secrets."""
        return self._keyring.encrypt(json.dumps(secrets).encode(), _secrets_of(integration_id))

    def decrypt_secrets(self, integration_id: str, blob: bytes) -> dict[str, str]:
        """Return an integration's secrets by name; raise `SettingsError` if the key is missing."""
        try:
            text = self._keyring.decrypt(blob, _secrets_of(integration_id))
        except SettingsError as exc:
            msg = f"the secrets of integration {integration_id!r} cannot be decrypted: {exc}"
            raise SettingsError(msg) from exc
        secrets: dict[str, str] = json.loads(text)
        return secrets

    def renew_secrets(self, integration_id: str, blob: bytes) -> bytes | None:
        """Return the stored secrets encrypted under the first key; None if they are already."""
        if self._keyring.is_current(blob):
            return None
        return self.encrypt_secrets(integration_id, self.decrypt_secrets(integration_id, blob))

    def encrypt_signing(self, receiver_id: str, secret: str) -> bytes:
        """Return what is stored of the secret that signs what a receiver is sent."""
        return self._keyring.encrypt(secret.encode(), _signing_of(receiver_id))

    def decrypt_signing(self, receiver_id: str, blob: bytes) -> str:
        """Return what signs; raise `SettingsError` if the key is missing."""
        return self._of_receiver("signing secret", receiver_id, blob)

    def encrypt_hidden(self, receiver_id: str, members: Mapping[str, object]) -> bytes:
        """Return what is stored of the members of a receiver's document that are not shown.

        It is stored where others have what signs, and renewed like that.
        """
        return self.encrypt_signing(receiver_id, json.dumps(members))

    def decrypt_hidden(self, receiver_id: str, blob: bytes | None) -> dict[str, Any]:
        """Return the hidden members; raise `SettingsError` if the key is missing."""
        if blob is None:
            return {}
        members: dict[str, Any] = json.loads(
            self._of_receiver("hidden settings", receiver_id, blob)
        )
        return members

    def renew_signing(self, receiver_id: str, blob: bytes) -> bytes | None:
        """Return the stored secret encrypted under the first key; None if it is already."""
        if self._keyring.is_current(blob):
            return None
        return self.encrypt_signing(receiver_id, self.decrypt_signing(receiver_id, blob))

    def _of_receiver(self, what: str, receiver_id: str, blob: bytes) -> str:
        try:
            return self._keyring.decrypt(blob, _signing_of(receiver_id)).decode()
        except SettingsError as exc:
            msg = f"the {what} of receiver {receiver_id!r} cannot be decrypted: {exc}"
            raise SettingsError(msg) from exc

    def encrypt_password(self, definition_id: str, password: str) -> bytes:
        """Return what is stored of a definition's password."""
        return self._keyring.encrypt(password.encode(), _record(definition_id))

    def decrypt_password(self, definition_id: str, blob: bytes) -> str:
        """Return a definition's password; raise `SettingsError` if its key is missing."""
        try:
            return self._keyring.decrypt(blob, _record(definition_id)).decode()
        except SettingsError as exc:
            msg = f"the password of definition {definition_id!r} cannot be decrypted: {exc}"
            raise SettingsError(msg) from exc

    def renew_password(self, definition_id: str, blob: bytes) -> bytes | None:
        """Return the stored password encrypted under the first key; None if it is already."""
        if self._keyring.is_current(blob):
            return None
        return self.encrypt_password(definition_id, self.decrypt_password(definition_id, blob))

    def _unsealed(self, token: str, context: list[bytes]) -> str:
        """Return what was sealed in that context; raise `ValueError` that says why it is not."""
        raw = _decode(token)
        key = self._keyring.key(raw[:KEY_ID_BYTES])
        if key is None:
            raise ValueError(_FOREIGN)
        try:
            return _cipher(key).decrypt(raw[KEY_ID_BYTES:], context).decode()
        except (InvalidTag, ValueError) as exc:
            raise ValueError(_MISPLACED) from exc


def _cipher(key: MasterKey) -> AESSIV:
    return AESSIV(key.derive("sealed password", _SIV_KEY_BYTES))


def _context(origin: str, username: str) -> list[bytes]:
    """Return what a token is bound to."""
    return [origin.encode(), username.encode()]


def _record(definition_id: str) -> bytes:
    """Return what a stored password is bound to: the one field of the one row it stands in."""
    return f"definition:{definition_id}:password".encode()


def _secrets_of(integration_id: str) -> bytes:
    """Return what stored secrets are bound to."""
    return f"integration:{integration_id}:secrets".encode()


def _signing_of(receiver_id: str) -> bytes:
    """Return what a stored signing secret is bound to."""
    return f"receiver:{receiver_id}:signing".encode()


def _decode(token: str) -> bytes:
    if not token.startswith(PREFIX):
        raise ValueError(_DAMAGED)
    try:
        return base64.b64decode(token.removeprefix(PREFIX).encode("ascii"), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as exc:
        raise ValueError(_DAMAGED) from exc
