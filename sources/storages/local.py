"""Files in a folder of this machine, in one that the operator allows.

Symbolic links are followed as long as they stay in that folder. What a path leads to is checked on
the open file, so exchanging a folder for a link between the check and the reading gains nothing.
Where something is changed no link is followed at all: each folder is opened from the one above it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.passing_over import Reason
from definitions.places import LocalPlace
from definitions.troubles import Trouble
from sources.base import RemoteFile
from sources.storages.blocked import already_there, not_a_folder
from sources.storages.terms import StorageTerms

NOT_HERE = (FileNotFoundError, NotADirectoryError)
NOWHERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
AS_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
AS_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class LocalStorage:
    """A folder below one of `terms.folders`."""

    def __init__(self, place: LocalPlace, terms: StorageTerms) -> None:
        self._place, self._terms = place, terms

    def connect(self) -> LocalSession:
        """Return a session; raise `SourceRefusedError` for a folder that is not allowed."""
        folder = Path(self._place.folder)
        with _translated(self._place.folder):
            root = folder.resolve(strict=True)
            is_folder = root.is_dir()
        if problem := folder_problem(self._place, self._terms):
            raise SourceRefusedError(problem, trouble=Trouble.NOT_ALLOWED)
        if not is_folder:
            msg = f"{self._place.folder!r} is no folder; give the folder that holds the files"
            raise SourceRefusedError(msg, trouble=Trouble.PATH)
        return LocalSession(root, self._terms)


def folder_problem(place: LocalPlace, terms: StorageTerms) -> str | None:
    """Return why a folder, which need not be there yet, is not allowed."""
    folder = Path(place.folder)
    real = folder.resolve()
    if folder.is_absolute() and any(
        real.is_relative_to(allowed.resolve()) for allowed in terms.folders
    ):
        return None
    return (
        f"the folder {place.folder!r} is not in one that imports may read; the operator can allow "
        "it with IMPORTMGR_LOCAL_FOLDERS"
    )


class LocalSession:
    """Files below `root`, which is free of links itself."""

    def __init__(self, root: Path, terms: StorageTerms) -> None:
        self._root, self._terms = root, terms

    def list(self, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        """Yield the files below `folder`; links that lead out of the root are barred."""
        with _translated(folder or str(self._root)):
            inner = (self._root / folder).resolve(strict=True)
            self._check_inside(inner, folder)
            yield from self._walk(inner, folder, depth, frozenset({inner}))

    def stat(self, path: str) -> RemoteFile | None:
        """Return one file as it is now, or None if there is none."""
        try:
            real = (self._root / path).resolve(strict=True)
            found = real.stat()
        except NOT_HERE:
            return None
        except OSError as exc:
            raise _error(path, exc) from exc
        self._check_inside(real, path)
        return _described(path, found) if stat.S_ISREG(found.st_mode) else None

    def open(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of a file from `offset` on."""
        with _translated(path), os.fdopen(_descriptor(self._root / path), "rb") as file:
            self._check_open(file.fileno(), path)
            file.seek(offset)
            while data := file.read(self._terms.chunk_size):
                yield data

    def put(self, path: str, content: bytes) -> None:
        """Write a small new file."""
        with _changing(path), _open_folder(self._root, path, make=False) as (folder, name):
            try:
                opened = os.open(name, AS_NEW, 0o600, dir_fd=folder)
            except FileExistsError as exc:
                raise already_there(path) from exc
            with os.fdopen(opened, "wb") as file:
                file.write(content)

    def move(self, path: str, target: str) -> bool:
        """Give a file another path, which is taken first, so that nothing is ever overwritten."""
        with (
            _changing(path),
            _open_folder(self._root, path, make=False) as (old, name),
            _open_folder(self._root, target, make=True) as (new, new_name),
        ):
            _check_plain(old, name, path)
            try:
                os.close(os.open(new_name, AS_NEW, dir_fd=new))
            except FileExistsError:
                return False
            try:
                os.rename(name, new_name, src_dir_fd=old, dst_dir_fd=new)
            except BaseException:
                os.unlink(new_name, dir_fd=new)
                raise
        return True

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens if there is none."""
        with (
            _changing(path),
            suppress(FileNotFoundError),
            _open_folder(self._root, path, make=False) as (folder, name),
        ):
            _check_plain(folder, name, path)
            os.unlink(name, dir_fd=folder)

    def now(self) -> datetime:
        """Return the time of this machine, whose files they are."""
        return self._terms.now()

    ask_now = now

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _walk(
        self, real: Path, path: str, depth: int | None, above: frozenset[Path]
    ) -> Iterator[RemoteFile]:
        """Yield what is below the folder `real`, which is called `path` here."""
        with os.scandir(real) as entries:
            for entry in entries:
                name = f"{path}/{entry.name}" if path else entry.name
                target, found = self._target(entry)
                if found is None:
                    continue
                if isinstance(found, Reason):
                    yield _barred(name, found)
                elif stat.S_ISREG(found.st_mode):
                    yield _described(name, found)
                elif not stat.S_ISDIR(found.st_mode):
                    yield _barred(name, Reason.NO_PLAIN_FILE)
                elif depth != 1 and target not in above:
                    deeper = None if depth is None else depth - 1
                    yield from self._walk(target, name, deeper, above | {target})

    def _target(self, entry: os.DirEntry[str]) -> tuple[Path, os.stat_result | Reason | None]:
        """Return where an entry leads, and what is there or bars it; None for what is gone.

        Of what is outside nobody learns whether it is there.
        """
        path = Path(entry.path)
        is_link = entry.is_symlink()
        try:
            real = path.resolve() if is_link else path
            if is_link and not real.is_relative_to(self._root):
                return real, Reason.LEADS_OUT
            return real, real.stat()
        except (OSError, RuntimeError) as exc:  # removed just now, a link to nothing or in a circle
            if isinstance(exc, OSError) and exc.errno not in NOWHERE:
                raise
            return path, Reason.LEADS_NOWHERE if is_link else None

    def _check_open(self, descriptor: int, path: str) -> None:
        """Raise unless the open file is a plain one that lies in the root."""
        real = (self._root / path).resolve(strict=True)
        self._check_inside(real, path)
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            msg = f"{path!r} is no plain file; name one that is"
            raise SourceRefusedError(msg, trouble=Trouble.PATH)
        if not os.path.samestat(found, real.lstat()):
            msg = f"{path!r} was replaced while it was opened; it is opened afresh"
            raise SourceUnreachableError(msg)

    def _check_inside(self, real: Path, path: str) -> None:
        if not real.is_relative_to(self._root):
            msg = f"{path!r} leads out of the storage's folder through a link; copy the file there"
            raise SourceRefusedError(msg, trouble=Trouble.DENIED)


def _descriptor(path: Path) -> int:
    """Open a path for reading; a pipe without a writer is not waited for."""
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)


@contextmanager
def _open_folder(root: Path, path: str, *, make: bool) -> Iterator[tuple[int, str]]:
    """Yield the open folder that a path is in, and its name there; if asked, folders are made."""
    *folders, name = path.split("/")
    if os.pardir in {*folders, name}:
        msg = f"{path!r} must not go up with '..'; write it from the storage's folder"
        raise SourceRefusedError(msg, trouble=Trouble.DENIED)
    opened = os.open(root, AS_FOLDER)
    try:
        for folder in folders:
            if make:
                _make_step(opened, folder)
            above, opened = opened, _open_step(opened, folder, path)
            os.close(above)
        yield opened, name
    finally:
        os.close(opened)


def _make_step(above: int, folder: str) -> None:
    """Make a folder in another one with that one's rights, unless it is there."""
    with suppress(FileExistsError):
        os.mkdir(folder, dir_fd=above)
        made = os.open(folder, AS_FOLDER, dir_fd=above)
        os.fchmod(made, stat.S_IMODE(os.fstat(above).st_mode))
        os.close(made)


def _open_step(above: int, folder: str, path: str) -> int:
    """Open a folder in the one above it, on the way to a path."""
    try:
        return os.open(folder, AS_FOLDER, dir_fd=above)
    except OSError:
        if stat.S_ISREG(os.stat(folder, dir_fd=above, follow_symlinks=False).st_mode):
            raise not_a_folder(folder, path) from None
        raise


def _check_plain(folder: int, name: str, path: str) -> None:
    """Raise unless a name is that of a plain file, not of a link to one."""
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        msg = f"{path!r} is a link or no plain file, and is left as it is; put the file there"
        raise SourceRefusedError(msg, trouble=Trouble.DENIED)


def _barred(path: str, reason: Reason) -> RemoteFile:
    return RemoteFile(path=path, size=None, modified_at=None, etag=None, barred=reason)


def _described(path: str, found: os.stat_result) -> RemoteFile:
    moment = datetime.fromtimestamp(found.st_mtime, UTC)
    touched = datetime.fromtimestamp(found.st_ctime, UTC)
    return RemoteFile(
        path=path, size=found.st_size, modified_at=moment, etag=None, touched_at=touched
    )


@contextmanager
def _translated(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise _error(path, exc) from exc


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """Translate what the system says where something is changed."""
    try:
        yield
    except OSError as exc:
        if isinstance(exc, PermissionError) or exc.errno == errno.EROFS:
            msg = (
                f"{path!r} may not be written, moved or removed; let the user that importmgr runs "
                "as write in its folder and in the target's"
            )
            raise SourceRefusedError(msg, trouble=Trouble.DENIED) from exc
        if exc.errno in {errno.ELOOP, errno.ENOTDIR, errno.EXDEV}:
            msg = (
                f"{path!r} and its target must lie in plain folders of one file system, not behind "
                "a link; give the folders themselves"
            )
            raise SourceRefusedError(msg, trouble=Trouble.PATH) from exc
        raise _error(path, exc) from exc


def _error(path: str, error: OSError) -> SourceRefusedError | SourceUnreachableError:
    if isinstance(error, NOT_HERE):
        msg = f"there is no {path!r} in the storage; correct the path"
        return SourceRefusedError(msg, trouble=Trouble.PATH)
    if isinstance(error, PermissionError):
        msg = f"{path!r} may not be read; let the user that importmgr runs as read it"
        return SourceRefusedError(msg, trouble=Trouble.DENIED)
    return SourceUnreachableError(f"{path!r} cannot be read ({error.strerror or error})")
