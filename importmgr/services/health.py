"""Whether the service can do its work now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from definitions.errors import ImportmgrError


class Check(Protocol):
    """One thing the service cannot work without."""

    def __call__(self) -> None:
        """Return if all is well, else raise an `ImportmgrError` that says what is not."""


class Health:
    """Asks everything the service depends on."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Take the checks by name."""
        self._checks = dict(checks)

    def add(self, name: str, check: Check) -> None:
        """Ask one thing more, which only this process depends on."""
        self._checks[name] = check

    def ready(self) -> tuple[bool, dict[str, str]]:
        """Tell whether every check passes, and what each one says."""
        report = {name: _answer(check) for name, check in self._checks.items()}
        return all(answer == "ok" for answer in report.values()), report


def _answer(check: Check) -> str:
    """Return `ok` or what is wrong."""
    try:
        check()
    except ImportmgrError as exc:
        return str(exc)
    return "ok"
