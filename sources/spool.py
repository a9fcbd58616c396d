"""Where fetched files lie on local disk until their run ends, and whether there is room for more.

```
spool/<run>/<number>    file `number` of a run, whole, and what `sources.part` keeps beside it
spool/.removed/<run>    what is being removed, however long that takes
```
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from definitions.errors import SourceRefusedError, TemporaryError

REMOVED = ".removed"


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
        self._lacking = 0  # bytes that there was no room for within the quota

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

    def set_aside(self, run_id: str) -> None:
        """Take everything of a run away at once, whatever its size: `clear_aside` removes it."""
        aside = self._folder / REMOVED
        with writing(), suppress(FileNotFoundError):  # its run ended just now
            aside.mkdir(exist_ok=True)
            (self._folder / run_id).rename(aside / run_id)

    def clear_aside(self) -> None:
        """Remove what was set aside, also by whoever died before that; there may be nothing."""
        shutil.rmtree(self._folder / REMOVED, ignore_errors=True)

    def runs(self) -> list[str]:
        """Return the ids of the runs that have something here, the one left alone longest first."""
        if not self._folder.is_dir():
            return []
        found = [
            entry for entry in self._folder.iterdir() if entry.is_dir() and entry.name != REMOVED
        ]
        return [entry.name for entry in sorted(found, key=_touched)]

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

    def lacks_room(self) -> bool:
        """Tell whether the last file that the quota refused would be refused still."""
        if self._quota is None or not self._lacking:
            return False
        if self._used() + self._lacking > self._quota:
            return True
        self._lacking = 0
        return False

    def _check_quota(self, size: int) -> None:
        if self._quota is None:
            return
        if size > self._quota:
            msg = (
                f"the file's {size} bytes are more than all fetched files together may have, "
                f"{self._quota}; raise IMPORTMGR_SPOOL_BYTES"
            )
            raise SourceRefusedError(msg)
        used = self._used()
        if used + size > self._quota:
            self._lacking = size
            msg = (
                f"fetched files have {used} bytes of the {self._quota} that they may have, no room "
                f"for {size} more; wait for the end of other runs or raise IMPORTMGR_SPOOL_BYTES"
            )
            raise TemporaryError(msg)

    def _used(self) -> int:
        return sum(_size_of(path) for path in self._folder.rglob("*"))


def _touched(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # its run ended just now
        return 0.0


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # its run ended just now
        return 0
