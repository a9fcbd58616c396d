"""Checksums that a sender put beside a file: `name.sha256` and `name.md5`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

LARGEST = 1 << 16  # of a file that holds a checksum
READ_SIZE = 1 << 20
_SHOWN = 60  # characters of what should be a checksum
_EXPECTED = {
    ".md5": "an MD5 checksum (32 hexadecimal digits, as md5sum writes them)",
    ".sha256": "a SHA-256 checksum (64 hexadecimal digits, as sha256sum writes them)",
}
_MAKERS: Mapping[str, Callable[[], _Hash]] = {
    ".md5": lambda: hashlib.md5(usedforsecurity=False),
    ".sha256": hashlib.sha256,
}
_DIGESTS = {
    ".md5": re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"),
    ".sha256": re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"),
}


def checksum_in(text: bytes, suffix: str, name: str) -> str | None:
    """Return the checksum that a file beside `name` holds, in any common notation, or None.

    Of several lines the one that has the name in it counts.
    """
    lines = text[:LARGEST].decode("utf-8", "replace").splitlines()
    ours = [line for line in lines if name in line] or lines
    found = (_DIGESTS[suffix].search(line.lower()) for line in ours)
    return next((match[0] for match in found if match), None)


def malformed(text: bytes | None, suffix: str, path: str) -> str:
    """Return what is wrong with the file at `path`, which holds no checksum; None: it is long."""
    if text is None:
        said = f"more than {LARGEST} bytes"
    elif held := text.decode(errors="backslashreplace").strip():
        said = repr(held if len(held) <= _SHOWN else f"{held[:_SHOWN]}…")
    else:
        said = "nothing"
    return f"{path} holds {said}, but should hold {_EXPECTED[suffix]}; send it again"


def checksum_of(file: Path, suffix: str, heartbeat: Callable[[], None]) -> str:
    """Return the checksum of a file on this disk."""
    digest = _MAKERS[suffix]()
    with file.open("rb") as content:
        while data := content.read(READ_SIZE):
            heartbeat()
            digest.update(data)
    return digest.hexdigest()
