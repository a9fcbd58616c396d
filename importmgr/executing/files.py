"""From a spooled file to its batches: which format it is in, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable

from importmgr.settings import Settings
from sources.base import Reader, SpooledFile
from sources.compression import ExpandLimits
from sources.registry import FORMATS, load


def open_reader(file: SpooledFile, heartbeat: Callable[[], None], *, settings: Settings) -> Reader:
    """Return a reader of the file; raise `FormatError` if it has no readable header.

    `heartbeat` is called while it reads; what it raises ends that.
    """
    limits = ExpandLimits(max_size=settings.max_file_bytes, max_ratio=settings.unpack_ratio)
    csv = load(FORMATS["csv"])(limits=limits, batch_size=settings.batch_bytes, heartbeat=heartbeat)
    reader: Reader = csv.open(file.path, file.remote.path)
    return reader
