"""How runs of a definition are treated: which goes first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HIGHEST = 1_000  # priority; the lowest is as far below 0


def priority_of(document: Mapping[str, Any]) -> int:
    """Return the priority of the runs of a normalised document; greater goes first."""
    return int(document.get("priority") or 0)
