"""What one vendor's HTTP face is made of, and how a request finds its face."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import Request

from importmgr.api.blueprint import Blueprint
from importmgr.api.errors import Problem

Login: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One vendor's HTTP face.

    Every request below one of `prefixes` belongs to it: `login` reads key id and secret from the
    request or raises `UnauthenticatedError`, before anything else is looked at, and every problem
    is answered with the body that `render` makes.
    """

    name: str
    prefixes: tuple[str, ...]
    login: Callable[[Request], Login]
    render: Callable[[Problem], dict[str, Any]]
    blueprints: tuple[Blueprint, ...]


def dialect_of(path: str, dialects: Iterable[Dialect]) -> Dialect | None:
    """Return the dialect whose prefix the path has, if any."""
    return next((d for d in dialects if any(_below(path, p) for p in d.prefixes)), None)


def _below(path: str, prefix: str) -> bool:
    """Tell whether the path is the prefix or goes on after it with a slash."""
    return path == prefix or path.startswith(f"{prefix}/")
