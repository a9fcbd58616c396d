"""Copies of the embedded database: whole while others write, checked before they are trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from definitions.errors import PermanentError, RequestError
from destinations.failures import database_errors
from importmgr.store import migrate

BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a database that is in use
_BUSY_SECONDS = 30.0
_SHOWN = 3


def copy(database: Path, target: Path) -> None:
    """Write the database as it is now to a new file, while services go on reading and writing.

    The copy is one read transaction: it holds what was committed when it began, and makes no
    writer wait. It is whole and on the disk, or not there. Raise `RequestError` if `target` exists
    or cannot be written.
    """
    _check_room(target.parent, database)
    with _draft(target) as draft:
        with database_errors(), _opened(database) as source, _opened(draft) as made:
            source.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        check(draft)
        _sync(draft)
        _publish(draft, target)


def check(copied: Path) -> str:
    """Return the schema of a copy; raise `PermanentError` unless it is a whole database of ours."""
    try:
        with _opened(copied) as database:
            problems = [row[0] for row in database.execute("PRAGMA integrity_check(10)")]
    except sqlite3.Error as exc:
        what = f"no database, or half of one ({type(exc).__name__})"
        msg = f"{str(copied)!r} is {what}: take another backup"
        raise PermanentError(msg) from None
    if problems != ["ok"]:
        said = "; ".join(problems[:_SHOWN])
        msg = f"{str(copied)!r} is damaged ({said}): take another backup"
        raise PermanentError(msg)
    revision = migrate.current(f"sqlite:///{copied}")
    if revision is None:
        msg = f"{str(copied)!r} is a database, but not one of importmgr: take another file"
        raise PermanentError(msg)
    return revision


def put(staged: Path, database: Path, kept: Path) -> bool:
    """Let `staged` take the place of the database at once; tell whether there was one.

    What was there is kept as `kept`. Nobody may have the database open. Killed at any point there
    is either the old database or the new one.
    """
    there = database.exists()
    if there:
        _settle_old(database, kept)
        os.link(database, kept)
    _sync(staged)
    staged.replace(database)
    _sync(database.parent)
    return there


def stage(copied: Path, database: Path) -> Path:
    """Put a copy of a backup beside the database and return where; the backup stays as it is."""
    staged = database.with_name(f".{database.name}.restoring")
    discard(staged)
    _check_room(database.parent, copied)
    with database_errors(), _opened(copied) as source, _opened(staged) as made:
        source.backup(made)
    return staged


def discard(staged: Path) -> None:
    """Remove a staged copy, if it is still there."""
    for path in (staged, *_beside(staged)):
        path.unlink(missing_ok=True)


def settle(database: Path) -> None:
    """Bring everything that belongs to a database into its one file."""
    with _opened(database) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _settle_old(database: Path, kept: Path) -> None:
    """Leave nothing beside the old database: SQLite would apply it to the new one."""
    spare = [(path, kept.with_name(kept.name + suffix)) for path, suffix in _parts(database)]
    for path, copied in spare:
        shutil.copyfile(path, copied)  # closing the database may remove what is beside it
    try:
        settle(database)
    except sqlite3.Error:  # damaged, which is why it is replaced: keep all that is left of it
        for path, _ in spare:
            path.unlink(missing_ok=True)
    else:
        for _, copied in spare:
            copied.unlink()


def _parts(database: Path) -> list[tuple[Path, str]]:
    """Return what lies beside a database now, with its ending."""
    both = zip(_beside(database), BESIDE, strict=True)
    return [(path, suffix) for path, suffix in both if path.exists()]


def _check_room(folder: Path, database: Path) -> None:
    """Raise `RequestError` unless a copy of the database fits into the folder."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as exc:
        msg = f"the folder {str(folder)!r} cannot be used: {exc.strerror}"
        raise RequestError(msg) from exc
    size = sum(path.stat().st_size for path in (database, *_beside(database)) if path.exists())
    if size > free:
        msg = f"{str(folder)!r} has {free} bytes free, the database has {size}: make room first"
        raise RequestError(msg)


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield where a new file is written before it gets its name; nothing of it stays after."""
    if target.exists():
        msg = f"{str(target)!r} exists already: name a file that does not, or a folder"
        raise RequestError(msg)
    draft = target.with_name(f".{target.name}.{os.getpid()}.partial")  # two may begin at once
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        yield draft
    except OSError as exc:
        msg = f"the backup {str(target)!r} cannot be written: {exc.strerror}"
        raise RequestError(msg) from exc
    finally:
        discard(draft)


def _publish(draft: Path, target: Path) -> None:
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError as exc:
        msg = f"{str(target)!r} was made by another backup meanwhile: use that, or try again"
        raise RequestError(msg) from exc
    draft.replace(target)
    _sync(target.parent)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database file outside of the engine, which would prepare it for loading."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    with closing(connection):
        yield connection


def _beside(database: Path) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + suffix) for suffix in BESIDE)


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
