"""From a file on disk to its reader: which format it is in, as said or as its beginning shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from definitions.errors import FormatError
from definitions.model import MalformedRows
from sources.base import Format, Reader, ReadTerms
from sources.compression import open_plain
from sources.emptying import Emptying
from sources.registry import FORMATS, PROBE_SIZE, begins, formats, load, recognises
from sources.telling import Telling

FALLBACK = "csv"


def open_reader(file: Path, name: str, terms: ReadTerms) -> Reader:
    """Return a reader of `file`, calling it `name` in faults.

    Its evidence tells what the definition says that means nothing to the file's format. Raise
    `FormatError` when its format is unknown or there is no readable header.
    """
    kind = format_of(file, terms)
    known = FORMATS if kind in FORMATS else formats()
    if kind not in known:
        msg = f"there is no format {kind!r}; use one of {', '.join(sorted(known))}"
        raise FormatError(msg)
    opened: Format = load(known[kind])(terms)
    reader = opened.open(file, name)
    ignored = [each for each in known[kind].ignores if _is_given(getattr(terms.layout, each))]
    told = [_told_of(ignored, kind)] if ignored else []
    is_heeded = kind in FORMATS and "member" not in FORMATS[kind].ignores
    if is_heeded and terms.layout.member is not None and "member" not in reader.evidence:
        told.append("'member' given, and the file is no zip archive")
    reader = Telling(reader, {"not_used": "; ".join(told)}) if told else reader
    return Emptying(reader, terms.layout.null_values) if terms.layout.null_values else reader


def _is_given(option: object) -> bool:
    """Tell whether somebody said so; who looks at a file has `pad` said for them."""
    return option is not None and option not in ((), MalformedRows.REJECT, MalformedRows.PAD)


def _told_of(ignored: Sequence[str], kind: str) -> str:
    names = ", ".join(f"'{name}'" for name in ignored)
    return f"{names} given, which means nothing to {kind} files"


def format_of(file: Path, terms: ReadTerms) -> str:
    """Return the format as said, or else the one whose files begin like this one.

    Delimited text may begin in any way.
    """
    return terms.layout.type or _recognised(file, terms)


def _recognised(file: Path, terms: ReadTerms) -> str:
    told = next((name for name, kind in FORMATS.items() if recognises(kind, file)), None)
    if told is not None:
        return told
    packed = open_plain(file, terms.limits, terms.layout.member)
    try:
        start = packed.read(PROBE_SIZE)
    finally:
        packed.close()
    found = (name for name, kind in FORMATS.items() if begins(kind, start))
    return next(found, FALLBACK)
