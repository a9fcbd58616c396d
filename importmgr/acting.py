"""Who acts in this thread: whoever opens a door says so once, the audit log asks.

The default is the service itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who changes things: the id of a key, `cli:` and a user, or `service`."""

    name: str
    request_id: str | None = None


SERVICE = Actor(name="service")
_present: ContextVar[Actor] = ContextVar("importmgr_actor", default=SERVICE)


def actor() -> Actor:
    """Return who acts now."""
    return _present.get()


def act_as(who: Actor) -> None:
    """Let `who` be the one who acts in this thread from now on."""
    _present.set(who)


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Let `who` act for a while."""
    token = _present.set(who)
    try:
        yield
    finally:
        _present.reset(token)
