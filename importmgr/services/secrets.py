"""Renewing the key under which passwords of sources are stored."""

from __future__ import annotations

from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.store.definitions import DefinitionStore


class Secrets:
    """Rotates the master key."""

    def __init__(self, store: DefinitionStore, *, keyring: Keyring) -> None:
        """Take where passwords are stored, and the installation's keys."""
        self._store = store
        self._keyring = keyring

    def rotate(self) -> int:
        """Encrypt every stored password under the newest key; return how many were not.

        The newest key is made here where keys are kept in a file; otherwise it is the first one of
        the settings. Stopped half-way it can be repeated: old keys stay in the ring.
        """
        keyring = self._keyring.rotate() if self._keyring.is_file else self._keyring
        sealer = Sealer(keyring)
        return sum(
            self._renew(sealer, definition_id, blob)
            for definition_id, blob in self._store.secrets()
        )

    def _renew(self, sealer: Sealer, definition_id: str, blob: bytes) -> bool:
        """Encrypt one password anew; tell whether that was needed."""
        new = sealer.renew_password(definition_id, blob)
        return new is not None and self._store.replace_secret(definition_id, blob, new)
