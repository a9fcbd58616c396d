"""Files of a storage as tests list them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sources.base import RemoteFile

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def remote(path: str, age: float = 1000, size: int = 1, etag: str | None = None) -> RemoteFile:
    """Return a file that was changed so many seconds before NOW."""
    return RemoteFile(path=path, size=size, modified_at=NOW - timedelta(seconds=age), etag=etag)
