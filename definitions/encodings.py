"""Which of the encodings that Python knows text files are written in."""

from __future__ import annotations

import codecs

# Of addresses, of programs, of anything: texts pass through them, files are not written in them.
_OF_NO_FILES = frozenset(
    {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)


def is_of_files(encoding: str) -> bool:
    """Tell whether a file can be written in an encoding of that name, if there is one."""
    try:
        codec = codecs.lookup(encoding)
        codecs.getincrementaldecoder(encoding)
        is_text = "a".encode(encoding).decode(encoding) == "a"  # codecs for no text refuse it
        return is_text and codec.name not in _OF_NO_FILES
    except (LookupError, UnicodeError, ValueError):
        return False
