"""Which of the encodings that Python knows text files are written in."""

from __future__ import annotations

import codecs

# Of addresses, of programs, of anything: texts pass through them, files are not written in them.
_OF_NO_FILES = frozenset(
    {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)

# Names that XML and web pages have for encodings, besides those that follow a rule.
_OF_THE_WEB = {
    "iso-10646-ucs-2": "utf-16",
    "iso-8859-8-i": "iso-8859-8",
    "ucs-2": "utf-16",
    "windows-31j": "cp932",
}


def python_name(encoding: str) -> str:
    """Return what Python calls an encoding that others call `x-sjis` or `windows-949`."""
    name = encoding.lower()
    others = (
        _OF_THE_WEB.get(name, name),
        name.removeprefix("x-"),
        name.replace("windows-", "cp", 1),
    )
    return next((each for each in (encoding, *others) if _is_known(each)), encoding)


def is_of_files(encoding: str) -> bool:
    """Tell whether a file can be written in an encoding of that name, if there is one."""
    encoding = python_name(encoding)
    try:
        codec = codecs.lookup(encoding)
        codecs.getincrementaldecoder(encoding)
        is_text = "a".encode(encoding).decode(encoding) == "a"  # codecs for no text refuse it
        return is_text and codec.name not in _OF_NO_FILES
    except (LookupError, UnicodeError, ValueError):
        return False


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True
