"""Kinds of files by their first bytes: what is unpacked, and what is surely no text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from definitions.errors import FormatError

GZIP, BZIP2, XZ, ZSTD, ZIP = "gzip", "bz2", "xz", "zstd", "zip"
START_SIZE = 1 << 9
PACKED: Mapping[str, re.Pattern[bytes]] = {
    GZIP: re.compile(rb"\x1f\x8b"),
    BZIP2: re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"),  # a block, or none
    XZ: re.compile(rb"\xfd7zXZ\x00"),
    ZSTD: re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),  # or a frame to be skipped
    ZIP: re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"),
}
NO_TEXT: Mapping[str, re.Pattern[bytes]] = {
    "an old Excel workbook or another Office document": re.compile(rb"\xd0\xcf\x11\xe0"),
    "a PDF document": re.compile(rb"%PDF-"),
    "an RTF document": re.compile(rb"\{\\rtf"),
    "a Parquet file": re.compile(rb"PAR[1E]"),
    "an ORC file": re.compile(rb"ORC[\x00-\x1f]"),
    "an Avro file": re.compile(rb"Obj\x01"),
    "an Arrow file": re.compile(rb"ARROW1"),
    "an SQLite database": re.compile(rb"SQLite format 3\x00"),
    "a PNG picture": re.compile(rb"\x89PNG"),
    "a JPEG picture": re.compile(rb"\xff\xd8\xff"),
    "a GIF picture": re.compile(rb"GIF8[79]a"),
    "a 7z archive": re.compile(rb"7z\xbc\xaf\x27\x1c"),
    "a RAR archive": re.compile(rb"Rar!\x1a\x07"),
    "a tar archive": re.compile(rb"(?s).{257}ustar"),
    "an lz4 file": re.compile(rb"\x04\x22\x4d\x18"),
    "a file of Unix compress": re.compile(rb"\x1f[\x9d\xa0]"),
    "an SQL script": re.compile(
        rb"(?>\s++|--[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/;?+)*+"
        rb"(?:(?:INSERT|REPLACE)\s+INTO\s+[^\s,;]+\s*(?:\([^()]*\)\s*)?(?:VALUES\b|SELECT\b)"
        rb"|CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[^\s,;]+\s*\("
        rb"|(?:DROP\s+TABLE|LOCK\s+TABLES|USE|PRAGMA|BEGIN|SET)\b[^\n,]*;)",
        re.IGNORECASE,
    ),
    "a vCard or a calendar": re.compile(rb"BEGIN:V(?:CARD|CALENDAR)\s"),
    "a web archive (MHTML), as spreadsheet programs save it": re.compile(
        rb"MIME-Version: 1\.0\r?\n", re.IGNORECASE
    ),
    "a SYLK spreadsheet": re.compile(rb"ID;P[^\n]*\n[BCFOP];"),
    "an EDIFACT message": re.compile(rb"UNA.{6}\s*UNB|UNB\+UN"),
    "a program": re.compile(rb"\x7fELF|MZ\x90\x00"),
}
WEB_PAGE = re.compile(
    rb"(?>\s*(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
READABLE = (
    "send delimited text, JSON, XML, a workbook (xlsx) or Parquet; "
    "text may be packed with gzip, bzip2, xz, zstd or zip"
)


def packed_kind(start: bytes) -> str | None:
    """Return how a file is packed that begins with `start`, None if it is not."""
    return next((kind for kind, begins in PACKED.items() if begins.match(start)), None)


def refuse_binary(start: bytes) -> None:
    """Raise `FormatError` if `start` opens a kind of file that is surely not text."""
    packed = packed_kind(start)
    if packed is not None:
        msg = f"the file is packed once more, as {packed}; pack it once"
        raise FormatError(msg)
    for kind, begins in NO_TEXT.items():
        if begins.match(start):
            msg = f"the file looks like {kind}; {READABLE}"
            raise FormatError(msg)


def refuse_web_page(start: bytes) -> None:
    """Raise `FormatError` if the UTF-8 text that begins with `start` is an HTML page."""
    if WEB_PAGE.match(start):
        msg = (
            "a web page came instead of data, perhaps a login page or an error; "
            "open the address in a browser without being logged in"
        )
        raise FormatError(msg)
