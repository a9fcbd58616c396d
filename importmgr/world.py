"""What the inside may ask of the world: the time, and ids and randomness."""

from __future__ import annotations

from dataclasses import dataclass

from importmgr.clock import Clock
from importmgr.identity import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The clock and the identity of a process, passed in as one value."""

    clock: Clock
    identity: Identity
