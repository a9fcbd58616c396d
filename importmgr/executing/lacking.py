"""What the machine was out of when an attempt broke: with more of it, the run goes on."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from definitions.errors import ImportmgrError, PermanentError, TemporaryError

ROOM = "the disk is full; make room on it"
MEMORY = (
    "there is not enough memory; give this service more, or set IMPORTMGR_BATCH_BYTES or "
    "IMPORTMGR_EXECUTORS to less"
)
THREADS = "no further thread can be started; let this service have more (ulimit -u)"
LACKS: Mapping[int | None, str] = MappingProxyType(
    {
        errno.ENOSPC: ROOM,
        errno.EDQUOT: ROOM,
        errno.EFBIG: "a file of this service may not grow further; let it (ulimit -f)",
        errno.EMFILE: "this service has too many files open; let it have more (ulimit -n)",
        errno.ENFILE: "the machine has too many files open; let it have more (fs.file-max)",
        errno.ENOMEM: MEMORY,
    }
)
NO_THREAD = "can't start new thread"  # as Python says it


def lack_behind(error: BaseException) -> TemporaryError | None:
    """Return what says that the machine was out of something, if that is behind an error.

    Whoever took it for a fault of the file, such as a damaged workbook, could not know better.
    Other errors of ours are what they say.
    """
    if isinstance(error, ImportmgrError) and not isinstance(error, PermanentError):
        return None
    texts = filter(None, map(_lack, _chain(error)))
    text = next(texts, None)
    return None if text is None else TemporaryError(text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what came before it, the last first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _lack(error: BaseException) -> str | None:
    """Return what one error says that the machine lacks."""
    if isinstance(error, MemoryError):
        return MEMORY
    if isinstance(error, RuntimeError) and str(error) == NO_THREAD:
        return THREADS
    return LACKS.get(error.errno) if isinstance(error, OSError) else None
