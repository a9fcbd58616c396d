"""Text of a row in which some bytes are no text in the file's encoding.

A file of UTF-8 to which rows of another program were added has bytes of Windows-1252: as such they
are read. For what means nothing in another encoding a mark stands in the stream; it becomes U+FFFD.
"""

from __future__ import annotations

import codecs

from sources.encoding import MEANINGLESS, WINDOWS_1252_TABLE

AS_WESTERN = "sources.formats.csv.as_western"
REPLACEMENT = "\ufffd".encode()


def readable(content: bytes) -> tuple[bytes, str]:
    """Return a row as UTF-8, and a word on how its strange bytes are read."""
    if MEANINGLESS in content:
        content, how = content.replace(MEANINGLESS, REPLACEMENT), "\ufffd stands for them"
    else:
        how = "they are read as Windows-1252"
    return content.decode(errors=AS_WESTERN).encode(), how


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    strange = error.object[error.start : error.end]
    return codecs.charmap_decode(strange, "strict", WINDOWS_1252_TABLE)[0], error.end


codecs.register_error(AS_WESTERN, _as_western)
