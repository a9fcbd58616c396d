"""The one file of a zip archive that is meant, as a stream.

`zipfile` reads the list of members; their bytes are expanded here, because `zipfile` expands
whatever it has read at once, and a few bytes of bzip2 can be gigabytes.
"""

from __future__ import annotations

import bz2
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from fnmatch import fnmatchcase
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression.listing import Careful, called, surplus_in
from sources.compression.unpacking import (
    DEFLATE_WINDOW,
    MOST_MEMORY,
    ByteStream,
    Decoder,
    Method,
    Unpacked,
    ZlibDecoder,
    refuse_bomb,
    xz_decoder,
    zstd_decoder,
)

MOST_SHOWN = 5
FOLDER = ("/", "\\")  # the end of the name of one
BY_PRODUCTS = "__MACOSX"  # the folder in which macOS keeps what other systems cannot
WORKBOOK = "xl/workbook.xml"
DOCUMENTS: Mapping[str, str] = {  # by a file that such an archive holds
    "META-INF/manifest.xml": "an OpenDocument file, such as a spreadsheet (.ods)",
    "word/document.xml": "a Word document (.docx)",
    "ppt/presentation.xml": "a presentation (.pptx)",
    "Index/Document.iwa": "a document of Numbers or Pages",
}
LOCAL_HEADER = struct.Struct("<4s22xHH")
LOCAL_MAGIC = b"PK\x03\x04"
LZMA_HEADER = struct.Struct("<2xH5s")
LZMA_PROPERTIES = 5
ENCRYPTED, HAS_END_MARK, ALL_ENCRYPTED = 1 << 0, 1 << 1, 1 << 13
DAMAGES = (zipfile.BadZipFile, NotImplementedError, OverflowError, ValueError, struct.error)
ZIP_ZSTD, ZIP_XZ = 93, 95  # zipfile knows neither


def _lzma_decoder() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MOST_MEMORY)


METHODS: Mapping[int, Method] = {
    ZIP_DEFLATED: Method(name="zip", decoder=lambda: ZlibDecoder(DEFLATE_WINDOW)),
    ZIP_BZIP2: Method(name="zip", decoder=bz2.BZ2Decompressor),
    ZIP_LZMA: Method(name="zip", decoder=_lzma_decoder),
    ZIP_ZSTD: Method(name="zip", decoder=zstd_decoder),
    ZIP_XZ: Method(name="zip", decoder=xz_decoder),
}


def find_member(file: Path, pattern: str | None) -> str:
    """Return the name of the only file of an archive that `pattern` fits, or of the only one.

    Raise `FormatError` when there is none or more than one, for an archive with a name that leads
    out of it, and for one with other bytes around it.
    """
    with closing(Careful(file)) as careful, _directory(careful) as archive:
        surplus = surplus_in(file, archive)
        members = [info for info in archive.infolist() if not info.filename.endswith(FOLDER)]
    if surplus is not None:
        msg = f"the zip archive is damaged or not complete ({surplus}); fetch or pack it again"
        raise FormatError(msg)
    for member in members:
        if _leads_out(member.filename):
            msg = f"the zip archive holds a file called {called(member.filename)}, "
            msg += "which leads out of it; refused"
            raise FormatError(msg)
    meant = [member for member in members if _is_meant(member.filename, pattern)]
    found = [member.filename for member in meant if not _is_link(member)]
    if meant and not found:
        link = called(meant[0].filename)
        msg = f"{link} in the zip archive is a link to a file; pack the file itself"
        raise FormatError(msg)
    if len(found) != 1:
        raise _not_one([member.filename for member in members], found, pattern)
    return found[0]


def open_member(file: Path, name: str, limits: ExpandLimits) -> ByteStream:
    """Open the file called `name` in an archive; the caller closes it."""
    with closing(Careful(file)) as careful, _directory(careful) as archive:
        info = archive.getinfo(name)
    if info.flag_bits & (ENCRYPTED | ALL_ENCRYPTED):
        msg = f"{called(name)} in the zip archive is encrypted; pack it without a password"
        raise FormatError(msg)
    refuse_bomb(info.file_size, info.compress_size, f"{called(name)} in the zip archive", limits)
    with ExitStack() as on_failure:
        raw = on_failure.enter_context(file.open("rb"))
        stream = _Member(_expanded(_packed_bytes(raw, info), info, limits), info)
        on_failure.pop_all()
    return stream


def _directory(file: Careful) -> ZipFile:
    try:
        return ZipFile(file)
    except DAMAGES as exc:
        msg = f"the zip archive is damaged or not complete ({exc}); fetch or pack it again"
        raise FormatError(msg) from exc


def _leads_out(name: str) -> bool:
    parts = _parts(name)
    return parts[0] == "" or ".." in parts or parts[0].endswith(":")


def _is_link(member: ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _is_meant(name: str, pattern: str | None) -> bool:
    """Tell whether a file fits the pattern, and is no by-product unless the pattern says so."""
    if pattern is None:
        return not _is_by_product(name)
    fits = fnmatchcase(name, pattern) or fnmatchcase(_parts(name)[-1], pattern)
    return fits and (_is_by_product(pattern) or not _is_by_product(name))


def _is_by_product(name: str) -> bool:
    """Tell whether a name is one that programs give to what nobody packed."""
    parts = _parts(name)
    return parts[-1].startswith(".") or BY_PRODUCTS in parts


def _parts(name: str) -> Sequence[str]:
    return name.replace("\\", "/").split("/")


def _not_one(names: Sequence[str], found: Sequence[str], pattern: str | None) -> FormatError:
    """Return why there is not exactly one file to read."""
    if WORKBOOK in names and pattern is None:
        msg = "the file is an Excel workbook; leave out `source.format.type`, or say 'xlsx'"
        return FormatError(msg)
    document = next((kind for part, kind in DOCUMENTS.items() if part in names), None)
    if document is not None and pattern is None:
        return FormatError(f"the file is {document}; save its table as .xlsx or CSV")
    some = found or [name for name in names if not _is_by_product(name)] or names
    shown = ", ".join(map(called, some[:MOST_SHOWN]))
    shown += f" and {len(some) - MOST_SHOWN} more" if len(some) > MOST_SHOWN else ""
    if found and len(set(found)) == 1:
        name = called(found[0])
        msg = f"the zip archive holds {len(found)} files called {name}; pack the one meant"
    elif found:
        fit = f"that fit {pattern!r}" if pattern else "and no pattern tells which is meant"
        msg = f"the zip archive holds {len(found)} files {fit}: {shown}; set `source.format.member`"
    elif names and pattern is not None:
        hint = "; such names count only if the pattern begins so"
        msg = f"no file in the zip archive fits {pattern!r}; it holds {shown}"
        msg += hint if _is_by_product(some[0]) else ""
    elif names:
        msg = f"the zip archive holds nothing but {shown}; set `source.format.member`"
    else:
        msg = "the zip archive holds no file"
    return FormatError(msg)


def _packed_bytes(raw: io.BufferedReader, info: ZipInfo) -> _Window:
    """Return the bytes of one member, packed; the directory tells where, a header how far in."""
    size = raw.seek(0, io.SEEK_END)
    raw.seek(min(max(info.header_offset, 0), size))
    header = raw.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL_MAGIC):
        raise _damaged(info, "it is not where the list of files says")
    _, name_size, extra_size = LOCAL_HEADER.unpack(header)
    raw.seek(name_size + extra_size, io.SEEK_CUR)
    return _Window(raw, info.compress_size)


def _expanded(packed: _Window, info: ZipInfo, limits: ExpandLimits) -> ByteStream:
    if info.compress_type == ZIP_STORED:
        return packed
    if info.compress_type not in METHODS:
        method = info.compress_type
        msg = (
            f"{called(info.filename)} in the zip archive is packed by method {method}; use deflate"
        )
        raise FormatError(msg)
    if info.compress_type == ZIP_LZMA:
        packed.prepend(_lzma_alone(packed.read(LZMA_HEADER.size), info))
    return Unpacked(packed, METHODS[info.compress_type], limits)


def _lzma_alone(header: bytes, info: ZipInfo) -> bytes:
    """Return the header of an .lzma file that says what a zip archive says in its own."""
    if len(header) < LZMA_HEADER.size or LZMA_HEADER.unpack(header)[0] != LZMA_PROPERTIES:
        raise _damaged(info, "its lzma header is not complete")
    size = -1 if info.flag_bits & HAS_END_MARK else info.file_size
    return bytes(LZMA_HEADER.unpack(header)[1]) + struct.pack("<q", size)


def _damaged(info: ZipInfo, why: str) -> FormatError:
    return FormatError(
        f"{called(info.filename)} in the zip archive is damaged ({why}); pack it again"
    )


class _Window:
    """The next `size` bytes of a file, as if they were a file; closing closes the file."""

    def __init__(self, raw: io.BufferedReader, size: int) -> None:
        self._raw, self._left, self._first = raw, size, b""

    def prepend(self, data: bytes) -> None:
        """Let `data` be read before what is left."""
        self._first = data

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""
        first, self._first = self._first[:size], self._first[size:]
        rest = self._raw.read(min(size - len(first), self._left))
        self._left -= len(rest)
        return first + rest

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


class _Member:
    """A member as a stream; at its end its length and its sum must be those of the directory."""

    def __init__(self, stream: ByteStream, info: ZipInfo) -> None:
        self._stream, self._info = stream, info
        self._size, self._sum = 0, 0

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""
        data = self._stream.read(size)
        self._size += len(data)
        self._sum = zlib.crc32(data, self._sum)
        if self._size > self._info.file_size:
            raise _damaged(self._info, "it is longer than the list of files says")
        if len(data) < size and self._size < self._info.file_size:
            raise _damaged(self._info, "it ends too early")
        if len(data) < size and self._sum != self._info.CRC:
            raise _damaged(self._info, "its checksum is wrong")
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
