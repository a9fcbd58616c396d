"""Renewing the key under which secrets of definitions and integrations are stored."""

from __future__ import annotations

from definitions.audit import AuditAction, Change
from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.store import Stores


class Secrets:
    """Rotates the master key."""

    def __init__(self, stores: Stores, *, keyring: Keyring) -> None:
        """Take where secrets are stored, and the installation's keys."""
        self._definitions = stores.definitions
        self._integrations = stores.integrations
        self._audit = stores.audit
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
        renewed = sum(passwords) + sum(secrets)
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
