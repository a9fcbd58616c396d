"""Our windows as the `limits` package counts in them, for doors that have budgets.

Apart from them, because that package takes its time to import and executors need the windows alone.
"""

from __future__ import annotations

from typing import Any

from limits.storage import MovingWindowSupport, Storage

from definitions.errors import StoreBusyError
from importmgr.store.hits import DatabaseWindow


class WindowStorage(Storage, MovingWindowSupport):
    """Lets the `limits` package count in a `DatabaseWindow`: `importmgr://` with option `window`.

    Only the moving window is offered.
    """

    STORAGE_SCHEME = ["importmgr"]  # noqa: RUF012 - what the package wants

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,  # noqa: FBT001, FBT002 - the package's signature
        **options: Any,  # noqa: ANN401 - the package's signature
    ) -> None:
        """Take the window from the options."""
        super().__init__(uri, wrap_exceptions)
        self._window: DatabaseWindow = options["window"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what counting may raise."""
        return StoreBusyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Add `amount` hits if there is room for them."""
        return self._window.acquire(key, limit, expiry, amount)

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """Return when the window begins and how many hits it holds."""
        filling = self._window.filling(key, expiry)
        return filling.oldest, filling.count

    def clear(self, key: str) -> None:
        """Forget the hits of a key."""
        self._window.clear(key)

    def check(self) -> bool:
        """Return that the storage is as healthy as the database, which is asked elsewhere."""
        return True

    def reset(self) -> int | None:
        """Refuse: the windows of other processes are in the same table."""
        raise NotImplementedError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: fixed windows let twice the limit through at their edge."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Refuse: see `incr`."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Refuse: see `incr`."""
        raise NotImplementedError
