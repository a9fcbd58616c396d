"""Files of an SFTP server."""

from __future__ import annotations

import errno
import posixpath
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

import paramiko

from definitions.errors import ImportmgrError, SourceRefusedError, SourceUnreachableError
from definitions.places import SftpPlace
from definitions.troubles import Trouble
from sources.base import RemoteFile
from sources.storages.blocked import already_there, not_a_folder
from sources.storages.directory import entries
from sources.storages.pipeline import Pipeline
from sources.storages.ssh import open_transport
from sources.storages.terms import StorageTerms

ASK_SECONDS = 3.0


class SftpStorage:
    """A folder of an SFTP server."""

    def __init__(self, place: SftpPlace, terms: StorageTerms) -> None:
        self._place, self._terms = place, terms

    def connect(self) -> SftpSession:
        """Return a session; raise what is wrong with the server, its key or the login."""
        transport = open_transport(self._place, self._terms)
        try:
            return SftpSession(transport, self._place.folder, self._terms)
        except BaseException:
            transport.close()
            raise


class SftpSession:
    """Files below `folder`: from the root of the server with a slash, else from the login's."""

    def __init__(self, transport: paramiko.Transport, folder: str, terms: StorageTerms) -> None:
        self._transport, self._terms = transport, terms
        self._root = folder or "."
        with _translated("the server's files"):
            client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            msg = "the server has no SFTP; let its operator switch it on"
            raise SourceRefusedError(msg, trouble=Trouble.DENIED)
        self._client = client
        channel = client.get_channel()
        if channel is not None:
            channel.settimeout(terms.read_timeout)

    def list(self, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        """Yield the files below `folder`; links are followed to files, not to folders."""
        waiting = [(folder, depth)]
        while waiting:
            path, left = waiting.pop()
            links: list[str] = []  # nothing may be asked while a folder is being listed
            with _translated(path or self._root):
                for found in entries(self._client, self._at(path)):
                    name = f"{path}/{found.filename}" if path else found.filename
                    mode = found.st_mode or 0
                    if stat.S_ISDIR(mode) and left != 1:
                        waiting.append((name, None if left is None else left - 1))
                    elif stat.S_ISREG(mode):
                        yield _described(name, found)
                    elif stat.S_ISLNK(mode):
                        links.append(name)
            yield from (file for link in links if (file := self.stat(link)) is not None)

    def stat(self, path: str) -> RemoteFile | None:
        """Return one file as it is now, or None if there is none."""
        with _translated(path):
            try:
                found = self._client.stat(self._at(path))
            except FileNotFoundError:
                return None
        return _described(path, found) if stat.S_ISREG(found.st_mode or 0) else None

    def open(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of a file from `offset` on, many requests being on their way."""
        with _translated(path), closing(self._client.open(self._at(path), "rb")) as file:
            size = file.stat().st_size or 0
            yield from Pipeline(self._client, file).pieces(offset, size)

    def put(self, path: str, content: bytes) -> None:
        """Write a small new file."""
        with _changing(path):
            if self.stat(path) is not None:
                raise already_there(path)
            with closing(self._client.open(self._at(path), "wbx")) as file:
                file.write(content)

    def move(self, path: str, target: str) -> bool:
        """Give a file another path; the server refuses one that is taken."""
        with _changing(path):
            self._make_folders(target)
            if self.stat(target) is not None:
                return False
            try:
                self._client.rename(self._at(path), self._at(target))
            except PermissionError:
                raise
            except OSError:  # the protocol has no number for a target that is taken
                if self.stat(path) is None or self.stat(target) is None:
                    raise
                return False
        return True

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens if there is none."""
        with _changing(path), suppress(FileNotFoundError):
            self._client.remove(self._at(path))

    def now(self) -> datetime | None:
        """Return None: the protocol has no clock."""
        return None

    def ask_now(self) -> datetime | None:
        """Return the time that the server's `date` shows, if the login may run commands."""
        try:
            channel = self._transport.open_session(timeout=ASK_SECONDS)
            with closing(channel):
                channel.settimeout(ASK_SECONDS)
                channel.exec_command("date +%s")
                channel.shutdown_write()  # ends a server that speaks SFTP to whatever is asked
                return datetime.fromtimestamp(int(channel.recv(64)), UTC)
        except (paramiko.SSHException, EOFError, OSError, ValueError):
            return None

    def close(self) -> None:
        """End the connection, and with it what another thread waits for."""
        self._transport.close()

    def _make_folders(self, path: str) -> None:
        """Let the folders of a path exist, from the lowest one that does on."""
        folder = posixpath.dirname(path)
        try:
            found = self._client.stat(self._at(folder))
            if stat.S_ISREG(found.st_mode or 0):
                raise not_a_folder(folder, path)
        except FileNotFoundError:
            self._make_folders(folder)
            try:
                self._client.mkdir(self._at(folder))
            except PermissionError:
                raise
            except OSError:  # somebody else may have made it just now
                self._client.stat(self._at(folder))

    def _at(self, path: str) -> bytes:
        return posixpath.join(self._root, path).encode(errors="surrogateescape")


def _described(path: str, found: paramiko.SFTPAttributes) -> RemoteFile:
    moment = None if found.st_mtime is None else datetime.fromtimestamp(found.st_mtime, UTC)
    return RemoteFile(path=path, size=found.st_size, modified_at=moment, etag=None)


@contextmanager
def _translated(path: str) -> Iterator[None]:
    try:
        yield
    except ImportmgrError:
        raise
    except (paramiko.SSHException, EOFError, OSError) as exc:
        raise _error(path, exc) from exc


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """Translate what the server says where something is changed."""
    with _translated(path):
        try:
            yield
        except PermissionError as exc:
            msg = (
                f"the server does not let {path!r} be written, moved or removed; let its operator "
                "give the login the right to write there"
            )
            raise SourceRefusedError(msg, trouble=Trouble.DENIED) from exc


def _error(path: str, error: Exception) -> SourceRefusedError | SourceUnreachableError:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        msg = f"there is no {path!r} on the server; correct the path"
        return SourceRefusedError(msg, trouble=Trouble.PATH)
    if number == errno.EACCES:
        msg = f"the server does not let {path!r} be read; let its operator allow it"
        return SourceRefusedError(msg, trouble=Trouble.DENIED)
    if isinstance(error, TimeoutError):
        msg = f"the server keeps silent while {path!r} is read"
        return SourceUnreachableError(msg, trouble=Trouble.TIMEOUT)
    reason = str(error) or "the connection is closed"
    return SourceUnreachableError(f"{path!r} broke off on the server ({reason})")
