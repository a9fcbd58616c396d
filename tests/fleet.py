"""Many processes of the service on one PostgreSQL database, and everything that may befall them.

```python
with Fleet(server, url, tmp_path, {"IMPORTMGR_LEASE_SECONDS": "2"}) as fleet:
    fleet.start({"api": 2, "ticker": 2, "executor": 3})
    for _ in range(10):
        print(fleet.strike(chance))
        fleet.tend(seconds=1)
    fleet.heal()
```

Processes are forked from one that has everything imported, so that a kill costs no second. Each has
a data folder of its own, as on a machine of its own; one that ended is started again in it.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
import zoneinfo
from collections import Counter
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from definitions.errors import ImportmgrError
from tests.postgres import Server

PRELOADED = ["pytest", "importmgr.serve", "sources.opening", "sources.formats.csv"]
NOT_NOW = 3  # the exit code of a service that starts while its database is away
PATIENCE = 300.0  # of who shares the machine with many
LOOK_SECONDS = 0.02
AGAIN_SECONDS = 2.0  # between two starts of who cannot start now


class Member:
    """One process of one role."""

    def __init__(self, role: str, folder: Path, environ: Mapping[str, str]) -> None:
        self.role = role
        self.folder = folder
        self._environ = {**environ, "IMPORTMGR_ROLES": role, "IMPORTMGR_DATA_DIR": str(folder)}
        self._place = folder.with_suffix(".url")
        self._process: ForkServerProcess | None = None
        self.thaws_at: float | None = None
        self.started_at = 0.0
        self.is_asked_to_stop = False

    @property
    def log(self) -> Path:
        """Return where the process writes its log, over all of its lives."""
        return self.folder.with_suffix(".log")

    @property
    def url(self) -> str | None:
        """Return where it answers, if it is ready."""
        return self._place.read_text() if self._place.exists() else None

    @property
    def pid(self) -> int | None:
        """Return the number of the process."""
        return None if self._process is None else self._process.pid

    @property
    def is_frozen(self) -> bool:
        """Tell whether it is stopped in the middle of whatever it did."""
        return self.thaws_at is not None

    def start(self) -> None:
        """Begin a life."""
        self._place.unlink(missing_ok=True)
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(
            target=_serve, args=(self._environ, self._place, self.log), daemon=True
        )
        self._process.start()
        self.started_at = time.monotonic()
        self.is_asked_to_stop = False

    def ended(self) -> int | None:
        """Return the exit code if it has ended."""
        assert self._process is not None
        return self._process.exitcode

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if there is somebody to get it."""
        assert self._process is not None
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, number)

    def freeze(self, seconds: float) -> None:
        """Stop it wherever it is, for so long."""
        self.send(signal.SIGSTOP)
        self.thaws_at = time.monotonic() + seconds

    def thaw(self) -> None:
        """Let it go on as if nothing had happened."""
        self.send(signal.SIGCONT)
        self.thaws_at = None

    def kill(self) -> None:
        """End it at once."""
        self.send(signal.SIGKILL)
        self.thaws_at = None
        if self._process is not None:
            self._process.join()

    def wait(self, within: float) -> int | None:
        """Return the exit code once it has ended."""
        assert self._process is not None
        self._process.join(within)
        return self._process.exitcode


class Fleet:
    """Keeps its members alive, and strikes them."""

    def __init__(
        self, server: Server, url: str, folder: Path, settings: Mapping[str, str], zones: Path
    ) -> None:
        """Take the server and a migrated database of it, where to keep things, and settings."""
        self._server = server
        self._folder = folder
        self._environ = {
            "IMPORTMGR_DATABASE_URL": url,
            "IMPORTMGR_PORT": "0",
            "IMPORTMGR_STATUS_PORT": "0",
            "TEST_ZONES": str(zones),
            **settings,
        }
        self.members: list[Member] = []
        self.struck: Counter[str] = Counter()
        self.deaths: list[str] = []  # that nobody asked for
        self._lease = float(settings["IMPORTMGR_LEASE_SECONDS"])
        self.outage_seconds = 3.0

    def start(self, counts: Mapping[str, int]) -> None:
        """Start so many members of each role and wait until they are ready."""
        multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
        for role, count in counts.items():
            for number in range(count):
                folder = self._folder / f"{role}{number}"
                self.members.append(Member(role, folder, self._environ))
        for member in self.members:
            member.start()
        self.await_all()

    def strike(self, chance: random.Random) -> str:
        """Let something befall somebody, and return what."""
        member = chance.choice(self.members)
        kinds: list[tuple[str, int, Callable[[], None]]] = [
            ("kill", 30, member.kill),
            ("freeze", 30, lambda: member.freeze(self._lease * chance.uniform(0.5, 3))),
            ("terminate", 20, lambda: self._terminate(member)),
            ("database crash", 15, lambda: self._lose_database(0)),
            ("database outage", 5, lambda: self._lose_database(self.outage_seconds)),
        ]
        (name, _, strike), *_ = chance.choices(kinds, [weight for _, weight, _ in kinds])
        strike()
        self.struck[name] += 1
        return name if name.startswith("database") else f"{name} {member.folder.name}"

    def kill(self, pid: int) -> str | None:
        """Kill the member that is this process; return who that was, None if it is nobody now."""
        for member in self.members:
            if member.pid == pid and member.ended() is None:
                member.kill()
                name = member.folder.name
                self.struck["kill on purpose"] += 1
                return name
        return None

    def tend(self, seconds: float) -> None:
        """Let time pass; thaw who is due, start again who has ended."""
        until = time.monotonic() + seconds
        while True:
            for member in self.members:
                self._look_after(member)
            if time.monotonic() >= until:
                return
            time.sleep(LOOK_SECONDS)

    def heal(self) -> None:
        """Let everybody live undisturbed from now on."""
        for member in self.members:
            if member.is_frozen:
                member.thaw()
        self.await_all()

    def stop(self, role: str) -> None:
        """End the members of a role in order, for good."""
        for member in [member for member in self.members if member.role == role]:
            member.send(signal.SIGTERM)
            code = member.wait(PATIENCE)
            self.members.remove(member)
            if code != 0:
                self.deaths.append(f"{member.folder.name} ended with {code} when asked to stop")

    def addresses(self) -> list[str]:
        """Return where the API answers, as far as its processes are ready."""
        found = [member.url for member in self.members if member.role == "api"]
        return [url for url in found if url is not None]

    def await_all(self) -> None:
        """Return once every member is ready."""
        deadline = time.monotonic() + PATIENCE
        while any(member.url is None or member.ended() is not None for member in self.members):
            assert time.monotonic() < deadline, self._waiting()
            self.tend(LOOK_SECONDS)

    def logs(self) -> dict[str, str]:
        """Return what every member wrote."""
        return {path.stem: path.read_text(errors="replace") for path in self._folder.glob("*.log")}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for member in self.members:
            member.kill()

    def _look_after(self, member: Member) -> None:
        if member.thaws_at is not None and time.monotonic() >= member.thaws_at:
            member.thaw()
        code = member.ended()
        if code is None:
            return
        expected = {-signal.SIGKILL, NOT_NOW}
        if member.is_asked_to_stop:
            expected |= {0, -signal.SIGTERM}  # the latter before it listened to signals
        if code == NOT_NOW and time.monotonic() < member.started_at + AGAIN_SECONDS:
            return
        if code not in expected:
            self.deaths.append(f"{member.folder.name} ended with {code}")
        member.start()

    def _terminate(self, member: Member) -> None:
        member.is_asked_to_stop = True
        member.send(signal.SIGTERM)
        if member.is_frozen:
            member.thaw()

    def _lose_database(self, seconds: float) -> None:
        self._server.crash()
        self.tend(seconds)
        self._server.revive()

    def _waiting(self) -> str:
        late = [member for member in self.members if member.url is None]
        tails = [f"{member.folder.name}: {member.log.read_text()[-1500:]}" for member in late]
        return "not ready: " + "\n".join(tails)


def _serve(environ: dict[str, str], place: Path, log_path: Path) -> None:
    """Be a process of the service; tell where it answers once it is ready."""
    from importmgr import log  # noqa: PLC0415 - in the new process only
    from importmgr.serve import serve  # noqa: PLC0415 - as above
    from importmgr.settings import Settings  # noqa: PLC0415 - as above

    stream = log_path.open("a", buffering=1)
    os.dup2(stream.fileno(), 2)
    zoneinfo.reset_tzpath([environ.pop("TEST_ZONES"), *zoneinfo.TZPATH])

    def tell(url: str) -> None:
        written = place.with_suffix(".new")
        written.write_text(url)
        written.rename(place)

    settings = Settings.from_environ(environ)
    log.set_up(settings.log_level, settings.log_format, stream)
    try:
        code = serve(settings, tell)
    except ImportmgrError as exc:
        print(f"error: {exc}", file=stream)
        code = NOT_NOW
    sys.exit(code)
