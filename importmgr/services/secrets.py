"""Renewing the key under which secrets of definitions, integrations and receivers are stored."""

from __future__ import annotations

from definitions.audit import AuditAction, Change
from definitions.errors import SettingsError
from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.store import Stores


def check_begun_with(key_id: bytes, keyring: Keyring) -> None:
    """Raise `SettingsError` unless the key that the database was begun with is in the ring."""
    if keyring.key(key_id) is None:
        msg = (
            f"the database was begun with another master key than {keyring.place}: "
            "put the file of its first installation there, or set IMPORTMGR_MASTER_KEY"
        )
        raise SettingsError(msg)


class Secrets:
    """Rotates the master key."""

    def __init__(self, stores: Stores, *, keyring: Keyring) -> None:
        """Take where secrets are stored, and the installation's keys."""
        self._definitions = stores.definitions
        self._integrations = stores.integrations
        self._audit = stores.audit
        self._receivers = stores.receivers
        self._keyring = keyring

    def rotate(self) -> int:
        """Encrypt every stored secret under the newest key; return how many records were not.

        The newest key is made here where keys are kept in a file; otherwise it is the first one of
        the settings. Stopped half-way it can be repeated: old keys stay in the ring.
        """
        keyring = self._keyring.rotate() if self._keyring.is_file else self._keyring
        sealer = Sealer(keyring)
        passwords = [
            self._renew_password(sealer, definition_id, blob)
            for definition_id, blob in self._definitions.secrets()
        ]
        secrets = [
            self._renew_secrets(sealer, integration_id, blob)
            for integration_id, blob in self._integrations.secrets()
        ]
        signing = [self._renew_signing(sealer, *found) for found in self._receivers.secrets()]
        renewed = sum(passwords) + sum(secrets) + sum(signing)
        after = {"renewed": renewed}
        change = Change(action=AuditAction.SECRETS_ROTATED, project_id=None, after=after)
        self._audit.tell(change)
        return renewed

    def _renew_password(self, sealer: Sealer, definition_id: str, blob: bytes) -> bool:
        """Encrypt the password of a definition anew; tell whether that was needed."""
        new = sealer.renew_password(definition_id, blob)
        return new is not None and self._definitions.replace_secret(definition_id, blob, new)

    def _renew_secrets(self, sealer: Sealer, integration_id: str, blob: bytes) -> bool:
        """Encrypt the secrets of an integration anew; tell whether that was needed."""
        new = sealer.renew_secrets(integration_id, blob)
        return new is not None and self._integrations.replace_secret(integration_id, blob, new)

    def _renew_signing(self, sealer: Sealer, receiver_id: str, column: str, blob: bytes) -> bool:
        """Encrypt a signing secret anew; tell whether that was needed."""
        new = sealer.renew_signing(receiver_id, blob)
        return new is not None and self._receivers.replace_secret(receiver_id, column, blob, new)
