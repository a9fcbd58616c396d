"""What a key may be allowed to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from definitions.errors import InvalidError

PERMISSIONS: tuple[str, ...] = (
    "imports.list",
    "imports.read",
    "imports.create",
    "imports.delete",
    "imports.trigger",
    "rejects.read",
    "rejects.unmask",
    "catalogs.read",
    "catalogs.write",
    "customers.read",
    "customers.write",
    "events.write",
    "integrations.read",
    "integrations.write",
    "audit.read",
    "notices.read",
    "notices.write",
)


def check_known(names: Iterable[str]) -> None:
    """Raise `InvalidError` that names every unknown permission and its nearest known one."""
    problems = [_problem(name) for name in sorted(names) if name not in PERMISSIONS]
    if problems:
        raise InvalidError({"permissions": problems})


def _problem(name: str) -> str:
    nearest = difflib.get_close_matches(name, PERMISSIONS, n=1, cutoff=0.4)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(PERMISSIONS)}"
    return f"unknown permission {name!r}: {hint}"
