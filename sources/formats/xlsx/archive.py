"""The archive that a workbook is, opened under a bomb guard."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from definitions.errors import FormatError
from sources.base import ExpandLimits

WORKBOOK = "xl/workbook.xml"
BINARY_WORKBOOK = "xl/workbook.bin"
ZIP = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DIRECTORY_SIZE = 1 << 20
PIECE = 1 << 16
IS_LOCKED = 1  # the bit of a member that needs a password


def is_workbook(file: Path) -> bool:
    """Tell whether `file` is a workbook of any kind, also one that cannot be read."""
    with file.open("rb") as stream:
        start = stream.read(len(ZIP))
    if start != ZIP:
        return start == OLD
    try:
        with ZipFile(file) as packed:
            return not {WORKBOOK, BINARY_WORKBOOK}.isdisjoint(packed.namelist())
    except (BadZipFile, OSError, ValueError):
        return False


class Archive:
    """The members of a workbook; raises `FormatError` for what is none, or grows too much."""

    def __init__(self, file: Path, limits: ExpandLimits) -> None:
        _refuse_other_file(file)
        try:
            self._packed = ZipFile(file)
        except (BadZipFile, OSError, ValueError) as exc:
            msg = f"the workbook is damaged ({exc}); save or fetch it again"
            raise FormatError(msg) from exc
        try:
            self._refuse_members(file.stat().st_size, limits)
        except FormatError:
            self._packed.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._packed.close()

    def has(self, member: str) -> bool:
        """Tell whether there is a member of that name."""
        return member in self._packed.NameToInfo

    def pieces(self, member: str) -> Iterator[bytes]:
        """Yield the content of a member piece by piece."""
        try:
            with self._packed.open(member) as stream:
                while piece := stream.read(PIECE):
                    yield piece
        except KeyError:
            msg = f"the workbook lacks {member!r}; save it again"
            raise FormatError(msg) from None
        except (BadZipFile, EOFError, OSError, zlib.error, NotImplementedError) as exc:
            msg = f"the workbook is damaged in {member!r} ({exc}); save or fetch it again"
            raise FormatError(msg) from exc

    def _refuse_members(self, packed_size: int, limits: ExpandLimits) -> None:
        members = self._packed.infolist()
        for member in members:
            if ".." in member.filename.split("/") or member.filename.startswith("/"):
                msg = f"the workbook has a member {member.filename!r}, which leads out of it"
                raise FormatError(msg)
            if member.flag_bits & IS_LOCKED:
                msg = "the workbook is locked by a password; save it without"
                raise FormatError(msg)
        names = {member.filename for member in members}
        if WORKBOOK not in names:
            is_binary = BINARY_WORKBOOK in names
            kind = "is a binary workbook (.xlsb)" if is_binary else "is an archive, not a workbook"
            msg = f"the file {kind}; save it as .xlsx"
            raise FormatError(msg)
        size = sum(member.file_size for member in members)
        if size > limits.max_size:
            msg = f"the workbook holds {size} bytes; {limits.max_size} are the limit"
            raise FormatError(msg)
        if size > max(limits.free_size, packed_size * limits.max_ratio):
            msg = (
                f"the workbook grows more than {limits.max_ratio} times; "
                "if it is meant to, raise IMPORTMGR_UNPACK_RATIO"
            )
            raise FormatError(msg)


def _refuse_other_file(file: Path) -> None:
    with file.open("rb") as stream:
        start = stream.read(DIRECTORY_SIZE)
    if start.startswith(OLD):
        locked = ENCRYPTED in start
        why = "locked by a password; save it without" if locked else "old (.xls); save it as .xlsx"
        msg = f"the workbook is {why}"
        raise FormatError(msg)
    if not start.startswith(ZIP):
        msg = f"the file is no workbook; it begins with {start[:20]!r}"
        raise FormatError(msg)
