"""Every way of telling, in a literal table; a channel is imported when it is used."""

# tested by: tests/contract/test_channels.py

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importmgr.telling.channel import ChannelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where a channel says what it is, as `module:NAME`, and who its receivers are."""

    path: str
    about: str


CHANNELS: Mapping[str, Entry] = {
    "webhook": Entry(
        path="importmgr.telling.webhook:WEBHOOK", about="programs that are told about imports"
    ),
    "email": Entry(
        path="importmgr.telling.mail:EMAIL", about="people who are told about imports by mail"
    ),
}


def channel(name: str) -> ChannelKind:
    """Import what a channel of the table says of itself."""
    module, _, member = CHANNELS[name].path.partition(":")
    found: ChannelKind = getattr(import_module(module), member)
    return found


def channels() -> Iterator[ChannelKind]:
    """Import and yield every channel of the table."""
    for name in CHANNELS:
        yield channel(name)
