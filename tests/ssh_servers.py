"""SFTP servers on loopback: OpenSSH as a process where its programs are, one in this process.

OpenSSH's come from the system, or from a folder TEST_OPENSSH_ROOT that packages were unpacked into
(`dpkg -x`). As root it runs as `nobody`, who can log in with a key but not with a password; that is
what the other one is for.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncssh

from tests.postgres import MissingServerError, RunAs, _unprivileged

START_SECONDS = 30.0
USER, PASSWORD = "importer", "correct horse"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    """A running server: where it is, its host key's fingerprint, who logs in, what it serves."""

    port: int
    host_key: str
    username: str
    private_key: str
    folder: str  # as its place names it
    files: Path  # where that is on this machine


class Keys:
    """A host key and a key of a user, made anew."""

    def __init__(self, kind: str = "ssh-ed25519") -> None:
        self.host = asyncssh.generate_private_key(kind)
        self.user = asyncssh.generate_private_key("ssh-ed25519")

    @property
    def fingerprint(self) -> str:
        """Return the host key's fingerprint as OpenSSH writes it."""
        return str(self.host.get_fingerprint("sha256"))

    @property
    def private(self) -> str:
        """Return the user's private key as text."""
        return self.user.export_private_key().decode()


class _Login(asyncssh.SSHServer):
    """Lets one user in, with a password or a key."""

    def __init__(self, keys: Keys, connections: list[asyncssh.SSHServerConnection]) -> None:
        self._keys, self._connections = keys, connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        return bool(username)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.public_data == self._keys.user.public_data


class Cutting:
    """How many more bytes may be read before the connection is cut, and what else is narrow."""

    left: int | None = None
    read_only: bool = False
    at_once: int = 1 << 20
    refuse: bool = False


class _Files(asyncssh.SFTPServer):
    """Serves a folder, and cuts the connection when it is told to."""

    def __init__(
        self, chan: asyncssh.SSHServerChannel[bytes], folder: Path, cutting: Cutting
    ) -> None:
        super().__init__(chan, chroot=str(folder).encode())
        self._connection, self._cutting = chan.get_connection(), cutting

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & asyncssh.FXF_WRITE:
            self._check_writing()
        return super().open(path, pflags, attrs)

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._check_writing()
        super().rename(oldpath, newpath)

    def remove(self, path: bytes) -> None:
        self._check_writing()
        super().remove(path)

    def _check_writing(self) -> None:
        if self._cutting.read_only:
            msg = "this login may only read"
            raise asyncssh.SFTPPermissionDenied(msg)

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        if self._cutting.left is not None:
            self._cutting.left -= size
            if self._cutting.left < 0:
                self._cutting.left = None
                self._connection.abort()
        if self._cutting.refuse:
            msg = "this file may not be read"
            raise asyncssh.SFTPPermissionDenied(msg)
        size = min(size, self._cutting.at_once)
        return super().read(file_obj, offset, size)  # type: ignore[return-value] # not a coroutine here


@contextmanager
def in_process(
    files: Path, keys: Keys, port: int = 0, cutting: Cutting | None = None
) -> Iterator[SshServer]:
    """Serve a folder as the whole of a server's files, from a thread of this process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    connections: list[asyncssh.SSHServerConnection] = []

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            partial(_Login, keys, connections),
            "127.0.0.1",
            port,
            server_host_keys=[keys.host],
            sftp_factory=partial(_Files, folder=files, cutting=cutting or Cutting()),
            line_editor=False,
        )

    async def stop(server: asyncssh.SSHAcceptor) -> None:
        server.close()
        for connection in connections:
            connection.abort()
            await connection.wait_closed()
        await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(START_SECONDS)
    try:
        yield SshServer(
            port=server.get_port(),
            host_key=keys.fingerprint,
            username=USER,
            private_key=keys.private,
            folder="",
            files=files,
        )
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


@contextmanager
def openssh() -> Iterator[SshServer]:
    """Run OpenSSH's server as an unprivileged user; raise `MissingServerError` without programs."""
    program, environ = _program()
    folder = Path(tempfile.mkdtemp(prefix="importmgr_ssh_"))
    try:
        as_user = _unprivileged(folder)
        keys, port = Keys(), free_port()
        files = folder / "files"
        files.mkdir()
        (folder / "host").write_bytes(keys.host.export_private_key())
        (folder / "users").write_bytes(keys.user.export_public_key())
        (folder / "config").write_text(_config(folder, port))
        for path in (folder / "host", folder / "users", folder / "config", files):
            _give(path, as_user)
        process = subprocess.Popen(
            [program, "-D", "-f", folder / "config", "-E", folder / "log"],
            env={"PATH": os.defpath, **environ},
            stdin=subprocess.DEVNULL,
            **as_user,
        )
        try:
            await_port(port, process, folder / "log")
            yield SshServer(
                port=port,
                host_key=keys.fingerprint,
                username="nobody" if as_user else getpass.getuser(),
                private_key=keys.private,
                folder=str(files),
                files=files,
            )
        finally:
            process.terminate()
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> tuple[str, dict[str, str]]:
    """Return where sshd is, and the environment that it needs."""
    root = os.environ.get("TEST_OPENSSH_ROOT")
    if root:
        libraries = sorted({str(path.parent) for path in Path(root).rglob("*.so*")})
        return f"{root}/usr/sbin/sshd", {"LD_LIBRARY_PATH": ":".join(libraries)}
    found = shutil.which("sshd", path=f"{os.defpath}:/usr/sbin:/usr/local/sbin")
    if found is None:
        msg = "no OpenSSH server here: install it (Debian: apt install openssh-server)"
        raise MissingServerError(msg)
    return found, {}


def _config(folder: Path, port: int) -> str:
    lines = (
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder / 'host'}",
        f"AuthorizedKeysFile {folder / 'users'}",
        "PidFile none",
        "StrictModes no",
        "UsePAM yes",  # without it an account without a password, such as nobody, counts as locked
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "Subsystem sftp internal-sftp",
        "ForceCommand internal-sftp",
        "MaxStartups 100",
    )
    return "\n".join(lines) + "\n"


def _give(path: Path, as_user: RunAs) -> None:
    path.chmod(0o777 if path.is_dir() else 0o600)
    if as_user:
        os.chown(path, as_user["user"], as_user["group"])


def await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server accepts connections; raise with its log if it ends."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.02)
    text = log.read_text(errors="replace") if log.exists() else "it wrote no log"
    msg = f"the server did not start: {text[-2000:]}"
    raise RuntimeError(msg)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
