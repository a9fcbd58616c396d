"""How much memory a process keeps that nothing uses any more.

Batches are made in one thread and written in another, and what one of them has freed the other
cannot take where each has heaps of its own. Two heaps are enough for them; the column engine, whose
pieces are large and few, does with one.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

OF_COLUMNS = "_RJEM_MALLOC_CONF"  # jemalloc's, which the column engine brings
SPARING = "narenas:1,dirty_decay_ms:500,muzzy_decay_ms:0"
OF_ALGEBRA = "OPENBLAS_NUM_THREADS"  # that of NumPy, which nothing here needs
OF_OTHERS = "MALLOC_ARENA_MAX"  # glibc's, which takes it from here only when a process starts
MOST_HEAPS = 2
M_ARENA_MAX = -8  # as malloc.h of glibc has it


def spare_memory(environment: MutableMapping[str, str]) -> None:
    """Let the column engine give back what it does not use, unless told otherwise.

    Nor does NumPy begin a thread for each processor, which would only wait, and busily at first.
    Both read this when they are imported, so it must be said before.
    """
    environment.setdefault(OF_COLUMNS, SPARING)
    environment.setdefault(OF_ALGEBRA, "1")


def share_heaps(environment: MutableMapping[str, str]) -> bool:
    """Let the threads begun from now on share two heaps, unless told otherwise.

    Tell whether they will; only glibc gives each thread a heap of its own, and can be asked.
    """
    if OF_OTHERS in environment:
        return False
    import ctypes  # noqa: PLC0415 - light start

    ask = getattr(ctypes.CDLL(None), "mallopt", None)
    return ask is not None and ask(M_ARENA_MAX, MOST_HEAPS) == 1


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
    """Look for no garbage while a process imports and makes what stays; and never look there later.

    Python looks through all there is again and again as it grows: a tenth of the time of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
