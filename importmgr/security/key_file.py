"""The file of master keys: made once, readable by its owner only."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from definitions.errors import SettingsError

OTHERS = 0o077


def read(path: Path) -> str:
    """Return the file's text; raise `SettingsError` if anybody but its owner may read it."""
    try:
        with path.open(encoding="ascii") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & OTHERS:
                msg = (
                    f"key file {str(path)!r} can be read by others (mode {mode:04o}): chmod 600 it"
                )
                raise SettingsError(msg)
            return file.read()
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"key file {str(path)!r} cannot be read: {exc}"
        raise SettingsError(msg) from exc


def create(path: Path, text: str) -> None:
    """Write a new file whole; if somebody else was faster, theirs stays."""
    draft = _draft(path, text)
    try:
        with suppress(FileExistsError):  # theirs stays
            os.link(draft, path)
    except OSError as exc:
        msg = f"key file {str(path)!r} cannot be made: {exc.strerror}"
        raise SettingsError(msg) from exc
    finally:
        draft.unlink()


def replace(path: Path, text: str) -> None:
    """Write the file anew, whole or not at all."""
    _draft(path, text).replace(path)
    _sync_folder(path.parent)


def _draft(path: Path, text: str) -> Path:
    """Write the text beside the file, safe on disk, and return where."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        msg = f"key file {str(path)!r} cannot be written: {exc.strerror}"
        raise SettingsError(msg) from exc
    return Path(draft)


def _sync_folder(folder: Path) -> None:
    """Make the file's new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
