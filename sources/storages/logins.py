"""What is wrong with the login of a place, as far as it can be seen without asking anybody.

No text holds any part of a secret.
"""

from __future__ import annotations

import base64
import binascii
import re

from definitions.places import AzurePlace, GcsPlace, Place, SftpPlace

_CONNECTION_STRING = re.compile(r"(^|;)\s*(AccountKey|SharedAccessSignature)\s*=", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*https?://", re.IGNORECASE)
_SIGNED = re.compile(r"(^|[?&])sig=[^&]", re.IGNORECASE)


def login_problems(place: Place) -> dict[str, str]:
    """Return why a setting cannot be what it should be, by its name."""
    found: dict[str, str | None] = {}
    if isinstance(place, GcsPlace) and place.service_account is not None:
        from sources.storages.google import account_problem  # noqa: PLC0415 - only GCS needs it

        found = {"service_account": account_problem(place.service_account)}
    elif isinstance(place, AzurePlace):
        key, token = place.access_key, place.sas_token
        found = {
            "access_key": None if key is None else _key_problem(key),
            "sas_token": None if token is None else _token_problem(token),
        }
    elif isinstance(place, SftpPlace) and place.private_key is not None:
        from sources.storages.ssh import key_problem  # noqa: PLC0415 - only SFTP needs it

        found = {"private_key": key_problem(place.private_key, place.passphrase)}
    return {name: text for name, text in found.items() if text is not None}


def _key_problem(key: str) -> str | None:
    if _CONNECTION_STRING.search(key):
        return "is a whole connection string; give only what stands behind AccountKey= in it"
    try:
        base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return "is not the key of a storage account, which is base64; copy it whole from the portal"
    return None


def _token_problem(token: str) -> str | None:
    if _CONNECTION_STRING.search(token):
        return "is a whole connection string; give what stands behind SharedAccessSignature= in it"
    if _ADDRESS.match(token):
        return "is a whole address; give only what stands behind its question mark"
    if not _SIGNED.search(token):
        return "has no signature (sig=…); copy the token whole from where it was made"
    return None
