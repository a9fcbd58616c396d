"""Where fetched files lie on local disk until their run ends, and whether there is room for more.

```
spool/<run>/<number>    file `number` of a run, whole, and what `sources.part` keeps beside it
spool/.removed/<run>    what is being removed, however long that takes
```
"""

from __future__ import annotations

import os
import shutil
import threading
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
    """The folder where fetched files of runs lie until the runs end.

    Fetches under way in this process announce what they are about to write, so that those that
    begin together do not take the same room. Others that write here, or to the same disk, are seen
    by what they have written.
    """

    def __init__(self, folder: Path, *, minimum_free: int = 0, quota: int | None = None) -> None:
        self._folder = folder
        self._minimum_free = minimum_free
        self._quota = quota
        self._lock = threading.Lock()
        self._announced: dict[Path, int] = {}  # of each part being written: its size in the end
        self._refused: tuple[Path, int] | None = None  # the last that the quota had no room for

    def place(self, run_id: str, number: int) -> Path:
        """Return where file `number` of a run is to be put; its folder exists."""
        folder = self._folder / run_id
        with writing():
            folder.mkdir(parents=True, exist_ok=True)
        return folder / str(number)

    def size(self, run_id: str) -> int:
        """Return how many bytes of a run are here."""
        return _size_below(self._folder / run_id)

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

    def announce(self, part: Path, total: int) -> None:
        """Return if `part` may become `total` bytes long; raise for now, or for good, if not.

        From then on others find that much less room, until it has left. A part that is not there
        (any more) takes none.
        """
        with self._lock:
            self._check_possible(total)
            coming = sum(self._rest(other) for other in self._announced if other != part)
            size = max(0, total - _size_of(part))
            self._check_quota(part, size, coming)
            self._check_disk(size, coming)
            self._announced[part] = total

    def leave(self, part: Path) -> None:
        """Take back what was announced for `part`, if it was: nobody writes it now."""
        with self._lock:
            self._announced.pop(part, None)

    def check_room(self, size: int = 0) -> None:
        """Return if `size` more bytes may be written to what lies here now; raise if not.

        What others have announced is theirs: who was let in is not sent away for that.
        """
        self._check_disk(size, 0)
        if self._quota is not None and (used := self._used()) + size > self._quota:
            raise TemporaryError(_over_quota(used, self._quota, size, 0))

    def check_disk(self) -> None:
        """Return if the disk has room still; raise if what must stay free does not."""
        self._check_disk(0, 0)

    def lacks_room(self) -> bool:
        """Tell whether the last file that the quota refused would be refused still."""
        with self._lock:
            if self._quota is None or self._refused is None:
                return False
            coming = sum(self._rest(part) for part in self._announced)
            if self._used() + coming + self._refused[1] > self._quota:
                return True
            self._refused = None
            return False

    def _check_possible(self, total: int) -> None:
        if self._quota is not None and total > self._quota:
            msg = (
                f"the file's {total} bytes are more than all fetched files together may have, "
                f"{self._quota}; raise IMPORTMGR_SPOOL_BYTES"
            )
            raise SourceRefusedError(msg)

    def _check_quota(self, part: Path, size: int, coming: int) -> None:
        if self._quota is None:
            return
        used = self._used()
        if used + coming + size > self._quota:
            self._refused = part, size
            raise TemporaryError(_over_quota(used, self._quota, size, coming))
        if self._refused is not None and self._refused[0] == part:
            self._refused = None

    def _check_disk(self, size: int, coming: int) -> None:
        with writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
        if free - coming - size < self._minimum_free:
            others = f"other fetches under way have announced {coming} more, " if coming else ""
            wait = "wait for their end, " if coming else ""
            msg = (
                f"the spool's disk has {free} bytes free, {others}{size} are to come and "
                f"{self._minimum_free} must stay free; {wait}make room or lower "
                "IMPORTMGR_MINIMUM_FREE_BYTES"
            )
            raise TemporaryError(msg)

    def _rest(self, part: Path) -> int:
        """Return how many bytes are still to come; of one that is whole or was removed, none."""
        if not part.exists():
            return 0
        return max(0, self._announced[part] - _size_of(part))

    def _used(self) -> int:
        return _size_below(self._folder)


def _over_quota(used: int, quota: int, size: int, coming: int) -> str:
    others = f", other fetches under way have announced {coming} more" if coming else ""
    return (
        f"fetched files have {used} bytes of the {quota} that they may have{others}, no room for "
        f"{size} more; wait for the end of other runs or raise IMPORTMGR_SPOOL_BYTES"
    )


def _size_below(folder: Path) -> int:
    """Return how many bytes lie below a folder, from which ended runs are removed meanwhile."""
    with writing():
        walk = os.walk(folder, onerror=_unless_gone)
        return sum(_size_of(Path(parent, name)) for parent, _, names in walk for name in names)


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # its run ended just now
        raise error


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
