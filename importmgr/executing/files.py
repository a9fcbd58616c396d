"""From a spooled file to its batches, as the definition and the settings say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from definitions.model import ImportDefinition
from importmgr.services.reading import expand_limits
from importmgr.settings import Settings
from sources.base import Reader, ReadTerms, SpooledFile
from sources.opening import open_reader as open_file


def open_reader(
    file: SpooledFile,
    definition: ImportDefinition,
    heartbeat: Callable[[], None],
    *,
    settings: Settings,
) -> Reader:
    """Return a reader of the file; raise `FormatError` if it has no readable header.

    `heartbeat` is called while it reads; what it raises ends that.
    """
    terms = replace(
        read_terms(heartbeat, settings=settings),
        layout=definition.source.format,
        wanted=definition.mapping.columns,
    )
    return open_file(file.path, file.remote.path, terms)


def read_terms(heartbeat: Callable[[], None], *, settings: Settings) -> ReadTerms:
    """Return how this installation reads any file."""
    return ReadTerms(
        limits=expand_limits(settings), batch_size=settings.batch_bytes, heartbeat=heartbeat
    )
