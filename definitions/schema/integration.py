"""The document of an integration: a stored connection to a file storage, of one of several kinds.

`settings` hold what its kind needs; those that are secret come back sealed from reading it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields as parts_of
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from definitions.address import MAX_ADDRESS, plain_url_problem
from definitions.errors import InvalidError
from definitions.file_paths import fixed_folder_problem
from definitions.places import AzurePlace, GcsPlace, LocalPlace, Place, S3Place, SftpPlace
from definitions.schema.document import flat
from definitions.schema.fields import StrictSchema, Text, Whole
from definitions.schema.rules import (
    between,
    checked_by,
    choice_problem,
    json_kind,
    length,
    or_default,
)
from definitions.shown import shown

_MAX_NAME = 200
_MAX_WORD = 1_000
_MAX_SECRET = 65_536  # a sealed one is longer than the plain one
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_BUCKET = re.compile(r"[A-Za-z0-9$][A-Za-z0-9._-]{0,221}")  # of all services together
_HOST = re.compile(r"[0-9A-Za-z_.:-]+", re.ASCII)
_WHERE_SHOWN = "`importmgr integration create` without --trust, or `ssh-keygen -lf`, shows it"
SSH_PORT = 22


def host_problem(host: str) -> str | None:
    """Return why a text cannot be a host, or None."""
    if _HOST.fullmatch(host):
        return None
    return "must be a host name or an address, without scheme, port or path"


def _host_key_problem(text: str) -> str | None:
    if _FINGERPRINT.fullmatch(text):
        return None
    return f"must be the fingerprint of a host key, SHA256:… with 43 characters; {_WHERE_SHOWN}"


class SecretText(Text):
    """A text that is stored encrypted and shown sealed."""


def _secret(told: str) -> SecretText:
    metadata = {"description": told, "format": "password"}
    return SecretText(allow_none=True, validate=length(1, _MAX_SECRET), metadata=metadata)


def _word(told: str, example: str, **options: Any) -> Text:  # noqa: ANN401 - as marshmallow's own
    metadata = {"description": told, "example": example}
    return Text(validate=length(1, _MAX_WORD), metadata=metadata, **options)


def _bucket(told: str) -> Text:
    metadata = {"description": told, "example": "imports"}
    return Text(
        required=True,
        validate=[*length(1, _MAX_WORD), checked_by(_bucket_problem)],
        metadata=metadata,
    )


def _bucket_problem(name: str) -> str | None:
    """Return why no service has a bucket or container of that name, or None."""
    if _BUCKET.fullmatch(name):
        return None
    return f"must be made of letters, digits, '.', '_' and '-', not {shown(name)}"


def _folder() -> Text:
    return Text(
        **or_default(default=""),
        validate=[*length(0, _MAX_WORD), checked_by(fixed_folder_problem)],
        metadata={"description": "All paths begin here; empty: at the root.", "example": "out"},
    )


def _endpoint() -> Text:
    return Text(
        allow_none=True,
        validate=[*length(1, MAX_ADDRESS), checked_by(plain_url_problem)],
        metadata={
            "description": "Address of another service that speaks the same protocol.",
            "format": "uri",
            "example": "https://objects.example.test",
        },
    )


class LocalSettings(StrictSchema):
    """A folder on the machine of the service, in one that its operator allows."""

    folder = _word("Absolute path.", "/srv/imports", required=True)


class SftpSettings(StrictSchema):
    """A folder of an SFTP server."""

    host = Text(
        required=True,
        validate=[*length(1, _MAX_WORD), checked_by(host_problem)],
        metadata={"example": "files.example.test"},
    )
    port = Whole(
        **or_default(default=SSH_PORT), validate=between(1, 65_535), metadata={"example": 22}
    )
    username = _word("Who logs in.", "importer", required=True)
    host_key = Text(
        required=True,
        error_messages={"required": f"is required; {_WHERE_SHOWN}"},
        validate=checked_by(_host_key_problem),
        metadata={
            "description": "Fingerprint of the one host key that is trusted.",
            "example": "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
        },
    )
    folder = _folder()
    password = _secret("Password of the user.")
    private_key = _secret("Private key of the user, as OpenSSH or PEM text.")
    passphrase = _secret("Passphrase of the private key.")

    @validates_schema
    def _check_login(self, data: Mapping[str, Any], **_: object) -> None:
        if not data.get("password") and not data.get("private_key"):
            raise ValidationError({"password": ["is required unless there is a private_key"]})


class S3Settings(StrictSchema):
    """A folder of a bucket in S3, or in what speaks its protocol."""

    bucket = _bucket("Name of the bucket.")
    region = Text(
        **or_default(default="us-east-1"),
        validate=length(1, _MAX_WORD),
        metadata={"example": "eu-central-1"},
    )
    endpoint = _endpoint()
    folder = _folder()
    access_key_id = _word("Absent: the bucket is public.", "AKIAIOSFODNN7EXAMPLE", allow_none=True)
    secret_access_key = _secret("Secret of the access key.")

    @validates_schema
    def _check_login(self, data: Mapping[str, Any], **_: object) -> None:
        if bool(data.get("access_key_id")) != bool(data.get("secret_access_key")):
            text = "belongs together with access_key_id; give both or none"
            raise ValidationError({"secret_access_key": [text]})


class GcsSettings(StrictSchema):
    """A folder of a bucket in Google Cloud Storage."""

    bucket = _bucket("Name of the bucket.")
    endpoint = _endpoint()
    folder = _folder()
    service_account = _secret("JSON key of a service account. Absent: the bucket is public.")


class AzureSettings(StrictSchema):
    """A folder of a container in Azure Blob Storage."""

    account = _word("Name of the storage account.", "exampleaccount", required=True)
    container = _bucket("Name of the container.")
    endpoint = _endpoint()
    folder = _folder()
    access_key = _secret("Key of the account.")
    sas_token = _secret("Shared access signature.")

    @validates_schema
    def _check_login(self, data: Mapping[str, Any], **_: object) -> None:
        if data.get("access_key") and data.get("sas_token"):
            raise ValidationError({"sas_token": ["cannot be used with an access_key; give one"]})


SETTINGS: Mapping[str, type[Schema]] = {
    "local": LocalSettings,
    "sftp": SftpSettings,
    "s3": S3Settings,
    "gcs": GcsSettings,
    "azure": AzureSettings,
}
PLACES: Mapping[str, type[Place]] = {
    "local": LocalPlace,
    "sftp": SftpPlace,
    "s3": S3Place,
    "gcs": GcsPlace,
    "azure": AzurePlace,
}


class IntegrationSchema(StrictSchema):
    """A connection to a file storage."""

    name = Text(
        required=True,
        validate=length(1, _MAX_NAME),
        metadata={"description": "For people.", "example": "CRM server"},
    )
    kind = Text(required=True, metadata={"enum": sorted(SETTINGS), "example": "sftp"})
    settings = fields.Raw(
        required=True, metadata={"description": "What the kind needs.", "type": "object"}
    )


def check_integration(document: object) -> dict[str, Any]:
    """Return the normal form of an integration's document: `name`, `kind` and `settings`.

    Raise `InvalidError` with every problem, each under the path of its field.
    """
    if not isinstance(document, Mapping):
        raise InvalidError({"body": [f"must be a JSON object, not {json_kind(document)}"]})
    problems = dict(flat(IntegrationSchema().validate(document)))
    kind, settings = document.get("kind"), document.get("settings", {})
    if isinstance(kind, str) and (text := choice_problem(kind, SETTINGS)):
        problems["kind"] = [text]
    if not isinstance(settings, Mapping):
        problems.setdefault("settings", [f"must be an object, not {json_kind(settings)}"])
    elif "kind" not in problems and isinstance(kind, str):
        found = SETTINGS[kind]().validate(settings)
        problems |= {f"settings.{path}": list(texts) for path, texts in flat(found)}
    if problems:
        raise InvalidError({path: list(texts) for path, texts in problems.items()})
    loaded: dict[str, Any] = SETTINGS[str(kind)]().load(dict(settings))
    given = {name: value for name, value in loaded.items() if value is not None}
    return {"name": document["name"], "kind": kind, "settings": given}


def secret_names(kind: str) -> tuple[str, ...]:
    """Return which settings of a kind are secret."""
    declared = SETTINGS[kind]().fields.items()
    return tuple(name for name, field in declared if isinstance(field, SecretText))


def to_place(kind: str, settings: Mapping[str, Any]) -> Place:
    """Return the place that checked settings describe, its secrets in the clear."""
    names = {part.name for part in parts_of(PLACES[kind])}
    return PLACES[kind](**{name: value for name, value in settings.items() if name in names})
