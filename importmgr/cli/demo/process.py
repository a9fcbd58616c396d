"""The service as a process of its own, on a free port, with a data folder of its own."""

# tested by: tests/integration/test_demo.py

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, Self

from definitions.errors import PermanentError, TemporaryError
from importmgr.settings import PREFIX, environment

READY = "importmgr is ready on "
START_SECONDS = 60.0
STOP_SECONDS = 15.0
COMMAND = (sys.executable, "-m", "importmgr")


class ServiceProcess:
    """Starts on entering, stops on leaving, however that happens."""

    def __init__(self, folder: Path) -> None:
        """Take a folder for data and log; nothing is started yet."""
        self.url = ""
        self._log = folder / "service.log"
        self._environment = {
            **{name: text for name, text in environment().items() if not name.startswith(PREFIX)},
            "IMPORTMGR_DATA_DIR": str(folder / "data"),
            "IMPORTMGR_PORT": "0",
            "IMPORTMGR_ALLOW_PRIVATE_SOURCES": "true",  # the sample files are on this machine
        }
        self._process: subprocess.Popen[str] | None = None

    def command(self, *arguments: str) -> Any:  # noqa: ANN401 - any JSON
        """Run a local command of importmgr on the same data and return its JSON."""
        done = subprocess.run(  # noqa: S603 - our own program
            [*COMMAND, *arguments, "--json"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            msg = f"`importmgr {arguments[0]} {arguments[1]}` ended with {done.stderr.strip()!r}"
            raise PermanentError(msg)
        return json.loads(done.stdout)

    def log_lines(self) -> list[str]:
        """Return what the service has logged."""
        if not self._log.exists():
            return []
        return self._log.read_text(encoding="utf-8", errors="replace").splitlines()

    def __enter__(self) -> Self:
        """Start the service and wait until it answers."""
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*COMMAND, "serve"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is ours; we stop it in order
            )
        try:
            self.url = _address(self._process)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the service."""
        self._stop()

    def _stop(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    """Return the address that the service prints once it is ready."""
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    try:
        while (line := lines.get(timeout=START_SECONDS)) is not None:
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
    except queue.Empty:
        msg = f"the service was not ready within {START_SECONDS:g} seconds"
        raise TemporaryError(msg) from None
    msg = f"the service ended with exit code {process.wait()} before it was ready"
    raise PermanentError(msg)


def _read(stream: IO[str] | None, lines: queue.Queue[str | None]) -> None:
    """Pass on every line, then None."""
    for line in stream or ():
        lines.put(line)
    lines.put(None)
