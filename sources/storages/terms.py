"""What all storages of one process share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sources.guard import AddressPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageTerms:
    """Which hosts may be reached, which folders of this machine may be read, how long to wait.

    Times are in seconds. `now` is the clock of this machine.
    """

    policy: AddressPolicy
    now: Callable[[], datetime]
    folders: tuple[Path, ...] = ()
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    chunk_size: int = 1 << 18
