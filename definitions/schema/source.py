"""The source of a document: a web address, or the files of a stored connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from definitions.address import MAX_ADDRESS, check_url
from definitions.file_paths import folder_problem, leads_into, path_problem
from definitions.model import ChangedWhen, FileSelection
from definitions.schema.fields import (
    DocumentSchema,
    ExtendedSchema,
    Flag,
    Number,
    Part,
    Text,
    Variant,
)
from definitions.schema.follow_up import MARKERS, FollowUpSchema
from definitions.schema.format import FORMAT_TOLD, FormatSchema
from definitions.schema.rules import (
    between,
    checked_by,
    choice_problem,
    length,
    one_of,
    or_default,
)

URL = "url"
FILESTORAGE = "filestorage"
MIN_INTEGRATION_ID = 24
_MAX_INTEGRATION_ID = 255
_MAX_PATH = 4_096
_LONGEST_WAIT = 3_600
OF_FILES = ("after_failure", "after_success", "changed_when", "marker", "stable_for")
_MAX_USERNAME = 4_096
_MAX_PASSWORD = 16_384  # a sealed one is longer than the plain one


def _username_problem(username: str) -> str | None:
    """Return why HTTP Basic cannot carry a user name."""
    return "must not contain a colon: HTTP Basic ends the name there" if ":" in username else None


class AuthSchema(DocumentSchema):
    """A login at the source, for HTTP Basic."""

    username = Text(
        required=True,
        validate=[*length(0, _MAX_USERNAME), checked_by(_username_problem)],
        metadata={"example": "importer"},
    )
    password = Text(
        required=True,
        validate=length(0, _MAX_PASSWORD),
        metadata={
            "description": "Plain, or sealed as reading a definition shows it; a sealed one works "
            "for the same host and user name only.",
            "format": "password",
            "example": "correct horse battery staple",
        },
    )


class _SourceSchema(ExtendedSchema):
    """What holds for sources of every type."""

    ours = frozenset({*OF_FILES, "format"})


class UrlSourceSchema(_SourceSchema):
    """A file behind an http or https address."""

    source_type = Text(required=True, validate=one_of((URL,)), metadata={"example": URL})
    import_url = Text(
        required=True,
        validate=checked_by(check_url),
        metadata={
            "description": "Absolute http or https address without a login in it.",
            "format": "uri",
            "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://.",
            "maxLength": MAX_ADDRESS,
            "example": "https://files.example.test/products.csv",
        },
    )
    use_socks_proxy = Flag(
        **or_default(default=False),
        metadata={"description": "Fetch through the proxy of the installation, if it has one."},
    )
    auth = Part(AuthSchema, allow_none=True)
    format = Part(FormatSchema, allow_none=True, metadata=FORMAT_TOLD)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _check_kind(
        self, _: Mapping[str, Any], original: Mapping[str, object], **__: object
    ) -> None:
        """Refuse what can only be done with the files of a storage."""
        text = f"is for files of a storage; leave it out where source_type is {URL!r}"
        found = {name: [text] for name in OF_FILES if original.get(name) is not None}
        if found:
            raise ValidationError(found)


class FileStorageSourceSchema(_SourceSchema):
    """Files of a stored connection."""

    source_type = Text(
        required=True, validate=one_of((FILESTORAGE,)), metadata={"example": FILESTORAGE}
    )
    integration_id = Text(
        required=True,
        validate=length(MIN_INTEGRATION_ID, _MAX_INTEGRATION_ID),
        metadata={"example": "5f3c1a2b4d5e6f708192a3b4"},
    )
    parent_path = Text(
        allow_none=True,
        validate=[*length(0, _MAX_PATH), checked_by(folder_problem)],
        metadata={"description": "Folder that `path` starts from.", "example": "/out"},
    )
    path = Text(
        required=True,
        validate=[*length(1, _MAX_PATH), checked_by(path_problem)],
        metadata={
            "description": "A name, a glob with `*` and `?`, or a regular expression between "
            "slashes; `{yyyy}`, `{MM}`, `{dd}` and `{HH}` stand for the run's date in `tz_info`.",
            "example": "crm_*.csv",
        },
    )
    file_selection = Text(
        required=True,
        validate=one_of(FileSelection),
        metadata={
            "description": "Which of the matching files one run takes: `all` by name, the newest "
            "(`last_mod`), the last by name (`last_alpha`), or those `not_imported` before.",
            "example": "not_imported",
        },
    )
    changed_when = Text(
        allow_none=True,
        validate=one_of(ChangedWhen),
        metadata={
            "description": "What makes a file `not_imported`: other `content` (the default), or "
            "another `identity`: path, size, time or etag. An extension.",
            "example": "content",
        },
    )
    stable_for = Number(
        allow_none=True,
        validate=between(0, _LONGEST_WAIT),
        metadata={
            "description": "Seconds for which a file must have been left alone before it is "
            "taken; absent: as the installation says. An extension.",
            "example": 30,
        },
    )
    marker = Text(
        allow_none=True,
        validate=one_of(MARKERS),
        metadata={
            "description": "A file is taken when there is another one beside it with this added "
            "to its name. An extension.",
            "example": ".done",
        },
    )
    after_success = Part(
        FollowUpSchema,
        allow_none=True,
        metadata={"description": "What is done with a file that was loaded. An extension."},
    )
    after_failure = Part(
        FollowUpSchema,
        allow_none=True,
        metadata={"description": "The same for the one at which a run failed. An extension."},
    )
    format = Part(FormatSchema, allow_none=True, metadata=FORMAT_TOLD)

    @validates_schema
    def _check_follow_ups(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse what would leave out every file that `path` means."""
        path, parent = data["path"], data.get("parent_path")
        for name in ("after_success", "after_failure"):
            follow_up = data.get(name) or {}
            folder, suffix = follow_up.get("to"), follow_up.get("suffix")
            if folder is not None and leads_into(parent, path, folder):
                text = "must not be the folder that `path` is in: what lies there is not imported"
                raise ValidationError({name: {"to": [text]}})
            if suffix is not None and path.rstrip("/").endswith(suffix):
                text = "must not be how `path` ends: what ends like that is not imported"
                raise ValidationError({name: {"suffix": [text]}})


class SourceField(Variant):
    """The source, whose shape follows from `source_type`."""

    def choose(self, value: Mapping[str, object]) -> Schema:
        """Return the schema of the source that is meant."""
        word = value.get("source_type")
        if word == URL:
            return _URL
        if word == FILESTORAGE:
            return _FILESTORAGE
        if isinstance(word, str):
            raise ValidationError({"source_type": [choice_problem(word, (URL, FILESTORAGE))]})
        return _TYPE_ONLY


class _TypeOnlySchema(DocumentSchema):
    """What can be said about a source of no known type: that its type is wrong."""

    source_type = Text(required=True)


_URL = UrlSourceSchema()
_FILESTORAGE = FileStorageSourceSchema()
_TYPE_ONLY = _TypeOnlySchema()
