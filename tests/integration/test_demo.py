"""`importmgr demo`: the whole product in one command, with and without a terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from importmgr.cli.demo.process import ServiceProcess
from tests.service import ROOT

COMMAND = (sys.executable, "-m", "importmgr", "demo")
WIDTH = 80


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose temporary folder is this test's alone."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "COLUMNS": str(WIDTH)}


def test_the_demo_imports_reports_and_leaves_nothing(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """What it shows is what is in the files, whatever the settings of who runs it."""
    mine = {**environ, "IMPORTMGR_PORT": "1", "IMPORTMGR_DATA_DIR": "/nowhere"}

    done = subprocess.run(COMMAND, env=mine, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    counts = {line.split()[0]: line.split()[1:] for line in _section(done.stdout, 4)[2:]}
    assert counts == {
        "Customers": ["1000", "999", "0", "0", "1", "0"],
        "Products": ["500", "499", "0", "0", "1", "0"],
        "Purchases": ["3000", "2998", "0", "0", "2", "0"],
    }
    faults = [line.split()[:4] for line in _section(done.stdout, 5) if ".csv" in line]
    assert faults == [
        ["customers.csv", "118", "119", "birth_date"],
        ["customers.csv", "347", "348", "points"],
        ["customers.csv", "512", "513", "newsletter"],
        ["customers.csv", "733", "734", "-"],
        ["products.csv", "77", "78", "price"],
        ["products.csv", "250", "251", "sku"],
        ["purchases.csv", "402", "403", "total"],
        ["purchases.csv", "1377", "1378", "purchased_at"],
        ["purchases.csv", "2048", "2049", "customer_id"],
    ]
    assert _section(done.stdout, 6)[-1].split() == ["Purchases", "3000", "0", "0", "0", "2", "2998"]
    assert '"O-00001"' in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= WIDTH
    assert "\x1b" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_demo_draws_on_a_terminal(environ: dict[str, str]) -> None:
    shown, code = _on_a_terminal(environ)

    assert code == 0, shown
    assert "\x1b[1m1. The service" in shown
    assert f"{'█' * 24}  1,000 of 1,000 rows" in shown


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_demo_leaves_nothing(
    environ: dict[str, str], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with subprocess.Popen(
        COMMAND, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as p:
        assert p.stdout is not None
        while b"2. A project" not in p.stdout.readline():
            pass
        p.send_signal(number)
        _, err = p.communicate(timeout=60)

    assert p.returncode == code
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_does_not_start_is_told_with_its_log(
    environ: dict[str, str], tmp_path: Path
) -> None:
    package = tmp_path / "broken" / "waitress"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('broken on purpose')\n")
    broken = {**environ, "PYTHONPATH": f"{tmp_path / 'broken'}:{ROOT}"}

    done = subprocess.run(COMMAND, env=broken, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        "error: the demo stopped: the service ended with exit code 1 before it was ready"
    )
    assert "the end of the service's log:" in done.stderr
    assert "unexpected RuntimeError" in done.stderr


def test_a_service_process_is_gone_after_an_error(tmp_path: Path) -> None:
    service = ServiceProcess(tmp_path)

    with pytest.raises(ZeroDivisionError):
        _divide_by_nothing(service)

    assert service._process is not None
    assert service._process.poll() is not None


def _divide_by_nothing(service: ServiceProcess) -> float:
    with service:
        return len(service.url) / 0


def _section(shown: str, number: int) -> list[str]:
    """Return the lines under a numbered heading that are not empty."""
    body = re.split(r"^\d\. .*$", shown, flags=re.MULTILINE)[number]
    return [line for line in body.splitlines() if line]


def _on_a_terminal(environ: dict[str, str]) -> tuple[str, int]:
    """Run the demo on a terminal of its own and return what it showed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(COMMAND, env=environ, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = bytearray()
        started = time.monotonic()
        while time.monotonic() - started < 100:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the terminal is closed at the other end
                break
        os.close(ours)
    return shown.decode(), process.returncode
