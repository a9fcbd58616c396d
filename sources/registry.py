"""Every kind of source, storage and format, in literal tables; a kind is imported when it is used.

Other packages add kinds by entry points of the groups `importmgr.sources` and `importmgr.formats`;
a name that is already taken here keeps its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from definitions.errors import SettingsError
from sources import beginnings


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Where a kind lives, as `module:Class`, and the optional extra it needs installed.

    `begins` matches the beginning of every file of a format that can be recognised by it, without
    the zeros that wide encodings have between characters. Where
    others begin so too, `recognises` names a function that tells by the file, packed as it is.
    `ignores` are the members of `source.format` that mean nothing to a format; of those of other
    packages only they themselves know.
    """

    path: str
    extra: str | None = None
    begins: re.Pattern[bytes] | None = None
    recognises: str | None = None
    ignores: tuple[str, ...] = ()


PROBE_SIZE = 1 << 12  # bytes of a beginning

_OF_FILES = ("encoding", "member")
_OF_TEXT = ("delimiter", "quote", "escape", "record_end", "remark")
_OF_ROWS = ("skip_rows", "header_rows", "footer_rows", "column_names")
_OF_RECORDS = ("records",)
_OF_WORKBOOKS = ("sheet",)

SOURCES: Mapping[str, Kind] = {
    "url": Kind(path="sources.url:UrlSource"),
    "filestorage": Kind(path="sources.filestorage:FileStorageSource"),
}
STORAGES: Mapping[str, Kind] = {
    "local": Kind(path="sources.storages.local:LocalStorage"),
    "sftp": Kind(path="sources.storages.sftp:SftpStorage"),
    "s3": Kind(path="sources.storages.object_store:S3Storage"),
    "gcs": Kind(path="sources.storages.object_store:GcsStorage"),
    "azure": Kind(path="sources.storages.object_store:AzureStorage"),
}
FORMATS: Mapping[str, Kind] = {
    "csv": Kind(path="sources.formats.csv:CsvFormat", ignores=(*_OF_RECORDS, *_OF_WORKBOOKS)),
    "json": Kind(
        path="sources.formats.json:JsonFormat",
        begins=beginnings.JSON,
        ignores=(*_OF_TEXT, *_OF_ROWS, *_OF_WORKBOOKS),
    ),
    "parquet": Kind(
        path="sources.formats.parquet:ParquetFormat",
        begins=re.compile(rb"PAR[1E]"),
        ignores=(
            *(*_OF_FILES, *_OF_TEXT, *_OF_ROWS[:-1], *_OF_RECORDS, *_OF_WORKBOOKS),
            "malformed_rows",
        ),
    ),
    "xml": Kind(
        path="sources.formats.xml:XmlFormat",
        begins=beginnings.XML,
        ignores=(*_OF_TEXT, *_OF_ROWS, *_OF_WORKBOOKS),
    ),
    "xlsx": Kind(
        path="sources.formats.xlsx:XlsxFormat",
        begins=re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"),
        recognises="sources.formats.xlsx:is_workbook",
        ignores=(*_OF_FILES, *_OF_TEXT, *_OF_RECORDS),
    ),
}


def sources() -> dict[str, Kind]:
    """Return every kind of source, ours and those of installed packages."""
    return {**_installed("importmgr.sources"), **SOURCES}


def formats() -> dict[str, Kind]:
    """Return every kind of format, ours and those of installed packages."""
    return {**_installed("importmgr.formats"), **FORMATS}


def load(kind: Kind) -> Any:  # noqa: ANN401 - the caller knows which Protocol its table promises
    """Import and return the class of `kind`; raise `SettingsError` if its package is missing."""
    return _load(kind.path, kind.extra)


def recognises(kind: Kind, file: Path) -> bool:
    """Tell whether `file` is of a kind that has a function to tell, which is loaded if need be."""
    if kind.recognises is None or kind.begins is None:
        return False
    with file.open("rb") as stream:
        may_be = kind.begins.match(stream.read(PROBE_SIZE))
    return may_be is not None and bool(_load(kind.recognises, kind.extra)(file))


def begins(kind: Kind, start: bytes) -> bool:
    """Tell whether a file that is not packed any more is of a kind whose beginning is its own."""
    if kind.begins is None or kind.recognises is not None:
        return False
    return kind.begins.match(start.replace(b"\0", b"")) is not None


def _load(path: str, extra: str | None) -> Any:  # noqa: ANN401 - as above
    module, _, name = path.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as exc:
        remedy = f"install importmgr[{extra}]" if extra else "check the installation"
        msg = f"{path!r} cannot be loaded ({exc}); {remedy}"
        raise SettingsError(msg) from exc


@cache
def _installed(group: str) -> Mapping[str, Kind]:
    """Return what other packages add; it is looked up once, as that takes longer than a file."""
    return {point.name: Kind(path=point.value) for point in entry_points(group=group)}
