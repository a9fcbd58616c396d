"""Where fetched files lie on local disk until their run ends, and whether there is room for more.

```
spool/<run>/<number>    file `number` of a run, whole, and what `sources.part` keeps beside it
```
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from definitions.errors import SourceRefusedError, TemporaryError


@contextmanager
def writing() -> Iterator[None]:
    """Turn what the disk says against the spool into `TemporaryError`: a person can mend it."""
    try:
        yield
    except OSError as exc:
        msg = (
            f"the spool cannot be written ({exc.strerror}); make room on its disk and let this "
            "service write there"
        )
        raise TemporaryError(msg) from exc


class Spool:
    """The folder where fetched files of runs lie until the runs end."""

    def __init__(self, folder: Path, *, minimum_free: int = 0, quota: int | None = None) -> None:
        self._folder = folder
        self._minimum_free = minimum_free
        self._quota = quota

    def place(self, run_id: str, number: int) -> Path:
        """Return where file `number` of a run is to be put; its folder exists."""
        folder = self._folder / run_id
        with writing():
            folder.mkdir(parents=True, exist_ok=True)
        return folder / str(number)

    def size(self, run_id: str) -> int:
        """Return how many bytes of a run are here."""
        return sum(_size_of(path) for path in (self._folder / run_id).glob("*"))

    def clear(self, run_id: str) -> None:
        """Remove everything of a run; there may be nothing."""
        shutil.rmtree(self._folder / run_id, ignore_errors=True)

    def runs(self) -> list[str]:
        """Return the ids of the runs that have something here."""
        if not self._folder.is_dir():
            return []
        return sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir())

    def check_room(self, size: int) -> None:
        """Return if `size` more bytes may be written; raise for now, or for good, if not."""
        self._check_quota(size)
        with writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
        if free - size < self._minimum_free:
            msg = (
                f"the spool's disk has {free} bytes free, {size} are to come and "
                f"{self._minimum_free} must stay free; make room or lower "
                "IMPORTMGR_MINIMUM_FREE_BYTES"
            )
            raise TemporaryError(msg)

    def _check_quota(self, size: int) -> None:
        if self._quota is None:
            return
        if size > self._quota:
            msg = f"the file's {size} bytes are more than the whole spool may hold, {self._quota}"
            raise SourceRefusedError(msg)
        used = sum(_size_of(path) for path in self._folder.rglob("*"))
        if used + size > self._quota:
            msg = f"the spool holds {used} bytes of {self._quota}, no room for {size} more"
            raise TemporaryError(msg)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # its run ended just now
        return 0
