"""Fetching a file from OpenSSH's server on loopback, beside OpenSSH's own `sftp`.

Ours is the whole way to the spool: connection, look, transfer, hash, and the look afterwards.
"""

from __future__ import annotations

import hashlib
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.measuring import BenchmarkError
from definitions.model import FileSelection
from definitions.model import FileStorageSource as Wanted
from sources.filestorage import Asked, FileStorageSettings, FileStorageSource
from sources.storages.sftp import SftpStorage
from tests.postgres import MissingServerError
from tests.ssh_servers import SshServer, openssh
from tests.storages import sftp_place, terms

HEAD = ("| fetched over SFTP, loopback | seconds | MB/s |", "|---|---:|---:|")
NAME = "big.bin"
PIECE = 1 << 20
MEGA = 1_000_000
GOAL = 0.5  # of what `sftp` reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A server, the file on it, and where it is fetched to."""

    server: SshServer
    size: int
    folder: Path

    def ours(self) -> None:
        """Fetch the file as a run does."""
        wanted = Wanted(
            integration_id="-", parent_path=None, path=NAME, selection=FileSelection.ALL
        )
        storage = SftpStorage(sftp_place(self.server), terms())
        asked = Asked(at=datetime(2026, 1, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))
        settings = FileStorageSettings(stable_for=0)
        target = self.folder / "ours"
        with closing(FileStorageSource(wanted, storage, asked, settings)) as source:
            spooled = source.fetch(source.list()[0], target)
        if spooled.size != self.size:
            msg = f"importmgr fetched {spooled.size} of {self.size} bytes"
            raise BenchmarkError(msg)
        for left in self.folder.glob("ours*"):
            left.unlink()

    def theirs(self) -> None:
        """Fetch the file with `sftp`."""
        server, target = self.server, self.folder / "theirs"
        options = ("-q", "-i", str(self.folder / "key"), "-P", str(server.port))
        trust = ("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null")
        where = f"{server.username}@127.0.0.1:{server.folder}/{NAME}"
        done = subprocess.run(
            ["sftp", *options, *trust, where, str(target)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode or target.stat().st_size != self.size:
            msg = f"sftp failed: {done.stderr.decode(errors='replace')[-500:]}"
            raise BenchmarkError(msg)
        target.unlink()


def measure(size: int, repeats: int, folder: Path) -> list[str]:
    """Return the lines of a table: medians of both in turns, and their ratio."""
    with _race(size, folder) as race:
        runs: dict[str, list[float]] = {"importmgr": [], "sftp": []}
        for _ in range(repeats):
            runs["sftp"].append(_seconds(race.theirs))
            runs["importmgr"].append(_seconds(race.ours))
    medians = {name: statistics.median(taken) for name, taken in runs.items()}
    ratio = medians["sftp"] / medians["importmgr"]
    rows = [f"| {name} | {took:.2f} | {size / took / MEGA:.0f} |" for name, took in medians.items()]
    reached = "reached" if ratio >= GOAL else "missed"
    return [
        *HEAD,
        *rows,
        "",
        f"importmgr has {ratio:.2f} of sftp's throughput; {GOAL} is {reached}.",
    ]


@contextmanager
def _race(size: int, folder: Path) -> Iterator[Race]:
    if shutil.which("sftp") is None:
        msg = "there is no sftp to measure against (Debian: apt install openssh-client)"
        raise BenchmarkError(msg)
    try:
        with openssh() as server:
            chance = Random(1)  # noqa: S311 - bytes that do not compress, not secrets
            piece = chance.randbytes(PIECE)
            with (server.files / NAME).open("wb") as file:
                for start in range(0, size, PIECE):
                    file.write(hashlib.sha256(str(start).encode()).digest())
                    file.write(piece[32 : min(PIECE, size - start)])
            (server.files / NAME).chmod(0o644)
            key = folder / "key"
            key.write_text(server.private_key)
            key.chmod(0o600)
            yield Race(server=server, size=(server.files / NAME).stat().st_size, folder=folder)
    except MissingServerError as exc:
        raise BenchmarkError(str(exc)) from exc


def _seconds(fetch: Callable[[], None]) -> float:
    began = time.monotonic()
    fetch()
    return time.monotonic() - began
