"""Which objects of a bucket a folder holds, and where its list goes on behind what is too deep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_LAST = "\U0010fffd"  # behind all names that people give


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The objects at most `depth` levels below a prefix (None: any)."""

    prefix: str
    depth: int | None

    def holds(self, path: str) -> bool:
        """Tell whether an object is not too deep."""
        return self.depth is None or self._below(path).count("/") < self.depth

    def behind(self, paths: Sequence[str]) -> str:
        """Return behind which name a list goes on that got so far, or "" if no folder is left out.

        Without paths, or with some that are out of order, nothing is known of what follows.
        """
        if not paths or self.depth is None or self.holds(paths[-1]):
            return ""
        if any(later < earlier for earlier, later in pairwise(paths)):
            return ""
        inside = self._below(paths[-1])
        steps = inside.split("/")[: self.depth]
        return f"{paths[-1].removesuffix(inside)}{'/'.join(steps)}/{_LAST}"

    def _below(self, path: str) -> str:
        return path.removeprefix(self.prefix).lstrip("/")
