"""The archive that a workbook is, opened under a bomb guard.

Names of members are compared as the standard says, without regard to case; some programs write
them with backslashes, or with a slash in front.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression import Careful, called, surplus_in

WORKBOOK = "xl/workbook.xml"
LIST_OF_TYPES = "[content_types].xml"
CONTENT_TYPES = {  # of the workbook itself, by the member that usually is it
    WORKBOOK: re.compile(rb"(?:sheet|template|addin)(?:\.macroEnabled)?\.main\+xml"),
    "xl/workbook.bin": re.compile(rb"sheet\.binary\.macroEnabled\.main"),
}
DAMAGES = (
    BadZipFile,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
    RuntimeError,
    struct.error,
    zlib.error,
)
ZIP = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DIRECTORY_SIZE = 1 << 20
PIECE = 1 << 16
IS_LOCKED = 1  # the bit of a member that needs a password
METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})  # `zipfile` expands others at once, however large


def is_workbook(file: Path) -> bool:
    """Tell whether `file` is a workbook of any kind, also one that cannot be read."""
    with file.open("rb") as stream:
        start = stream.read(len(ZIP))
    if start != ZIP:
        return start == OLD
    try:
        with closing(Careful(file)) as careful, ZipFile(careful) as packed:
            return _kind_of(packed) is not None
    except DAMAGES:
        return False


class Archive:
    """The members of a workbook; raises `FormatError` for what is none, or grows too much."""

    def __init__(self, file: Path, limits: ExpandLimits) -> None:
        _refuse_other_file(file)
        with ExitStack() as on_failure:
            self._packed = on_failure.enter_context(_opened(file, on_failure))
            self._refuse_members(file.stat().st_size, limits)
            surplus = surplus_in(file, self._packed)
            if surplus is not None:
                msg = f"the workbook is damaged ({surplus}); save or fetch it again"
                raise FormatError(msg)
            self._members = _members(self._packed)
            self._refuse_doubles()
            self._open = on_failure.pop_all()

    def close(self) -> None:
        """Let go of the file."""
        self._open.close()

    def has(self, member: str) -> bool:
        """Tell whether there is a member of that name."""
        return member.lower() in self._members

    def size(self, member: str) -> int:
        """Return how many bytes a member has, 0 if there is none."""
        found = self._members.get(member.lower())
        return found.file_size if found else 0

    def pieces(self, member: str) -> Iterator[bytes]:
        """Yield the content of a member piece by piece."""
        try:
            with self._packed.open(self._members[member.lower()]) as stream:
                while piece := stream.read(PIECE):
                    yield piece
        except KeyError:
            msg = f"the workbook lacks {called(member)}; save it again"
            raise FormatError(msg) from None
        except DAMAGES as exc:
            msg = f"the workbook is damaged in {called(member)} ({exc}); save or fetch it again"
            raise FormatError(msg) from exc

    def _refuse_doubles(self) -> None:
        """Raise `FormatError` if a name occurs twice: nobody knows which of the parts is meant."""
        names = [_plain(member.filename).lower() for member in self._packed.infolist()]
        if len(names) > len(self._members):
            double, count = Counter(names).most_common(1)[0]
            msg = f"the workbook holds {called(double)} {count} times; save it again"
            raise FormatError(msg)

    def _refuse_members(self, packed_size: int, limits: ExpandLimits) -> None:
        members = self._packed.infolist()
        for member in members:
            if ".." in _plain(member.filename).split("/"):
                msg = f"the workbook has a member {called(member.filename)}, which leads out of it"
                raise FormatError(msg)
            if member.flag_bits & IS_LOCKED:
                msg = "the workbook is locked by a password; save it without"
                raise FormatError(msg)
        _refuse_other_archive(self._packed)
        for member in members:
            if member.compress_type not in METHODS:
                method = member.compress_type
                msg = f"{called(member.filename)} in the workbook is packed by method {method}; "
                msg += "save it with a spreadsheet program"
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


def _opened(file: Path, on_failure: ExitStack) -> ZipFile:
    careful = on_failure.enter_context(closing(Careful(file)))
    try:
        return ZipFile(careful)
    except DAMAGES as exc:
        msg = f"the workbook is damaged ({exc}); save or fetch it again"
        raise FormatError(msg) from exc


def _members(packed: ZipFile) -> dict[str, ZipInfo]:
    """Return the members by their names in small letters, as the parts of a workbook say them."""
    return {_plain(member.filename).lower(): member for member in packed.infolist()}


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _kind_of(packed: ZipFile) -> str | None:
    """Return the member that a workbook of this kind usually has, None if it is no workbook.

    Where it has another name, the list of what is in the archive tells that it is there.
    """
    members = _members(packed)
    for usual in CONTENT_TYPES:
        if usual in members:
            return usual
    if LIST_OF_TYPES not in members:
        return None
    method = members[LIST_OF_TYPES].compress_type
    if method not in METHODS:
        msg = f"it is packed by method {method}"
        raise BadZipFile(msg)
    with packed.open(members[LIST_OF_TYPES]) as stream:
        listed = stream.read(DIRECTORY_SIZE)
    kinds = (usual for usual, types in CONTENT_TYPES.items() if types.search(listed))
    return next(kinds, None)


def _refuse_other_archive(packed: ZipFile) -> None:
    try:
        kind = _kind_of(packed)
    except DAMAGES as exc:
        msg = f"the workbook is damaged in {LIST_OF_TYPES!r} ({exc}); save or fetch it again"
        raise FormatError(msg) from exc
    if kind != WORKBOOK:
        what = "an archive, not a workbook" if kind is None else "a binary workbook (.xlsb)"
        msg = f"the file is {what}; save it as .xlsx"
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
