"""The pages that say "these lines work as they stand" are typed line by line, and do."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests

from tests.service import ROOT

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")
PAGES = ("README.md", "docs/guide/getting-started.md")
GUIDES = (
    *PAGES,
    "docs/guide/looking-at-a-file.md",
    "docs/guide/reading-a-run-report.md",
    "docs/guide/operating.md",
)
SERVICE, FILES = "8080", "8000"
SERVERS = (" serve", "http.server")
WRITTEN_FOLDER = "/tmp/my-files"  # noqa: S108 - as the page has it
READY_SECONDS = 60
STOP_SECONDS = 20


def test_the_readme_does_what_it_says(tmp_path: Path) -> None:
    shown = _type(ROOT / "README.md", tmp_path)

    assert '"success":true' in shown.replace(" ", "")
    assert '"trigger":"create"' in shown.replace(" ", "")
    assert "1,000 = 0 created + 0 updated + 999 unchanged + 1 rejected + 0 skipped" in shown
    assert re.findall(r"^[0-9a-f]{24}  now +(\w+)$", shown, re.MULTILINE) == [
        "Customers",
        "Products",
    ]
    assert "completed 3000" in shown
    assert "2048 customer_id  the row has no id" in shown
    assert "Event(type='purchase', timestamp=1773487326.0" in shown


def test_the_first_guide_does_what_it_says(tmp_path: Path) -> None:
    shown = _type(ROOT / "docs/guide/getting-started.md", tmp_path)

    assert "3 = 3 created + 0 updated + 0 unchanged + 0 rejected + 0 skipped" in shown
    assert "'forty' is not a number" in shown
    assert "'2026-02-30' is not a date" in shown
    assert "3 = 0 created + 2 updated + 1 unchanged + 0 rejected + 0 skipped" in shown
    assert "3 = 0 created + 0 updated + 3 unchanged + 0 rejected + 0 skipped" in shown
    assert "/others.csv" in shown
    assert '"age":40' in shown.replace(" ", "")


def test_the_guide_to_looking_at_a_file_does_what_it_says(tmp_path: Path) -> None:
    shown = _type(ROOT / "docs/guide/looking-at-a-file.md", tmp_path)

    assert "columns  6\nrows     4, which is all\n" in shown
    assert re.search(r"^3 +zip .* string .*$", shown, re.MULTILINE)
    assert "the first 2 rows" in shown
    assert "zip -> string\nopened -> date\nrevenue -> string\nopen -> boolean\n" in shown
    assert "shop,name,zip,opened,revenue,open\n1,Harbour,01067,2019-03-01,1200.50,yes\n" in shown
    assert shown.endswith("customers.csv\nproducts.csv\npurchases.csv\n")


@pytest.mark.parametrize("name", GUIDES)
def test_every_pointer_leads_somewhere(name: str) -> None:
    page = ROOT / name
    targets = LINK.findall(page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / unquote(target)).exists()] == []


def _type(page: Path, tmp_path: Path) -> str:
    """Type the blocks of a page into terminals and return what the last one showed."""
    ports = {SERVICE: _free_port(), FILES: _free_port()}
    folder = _folder(tmp_path, ports)
    text = page.read_text(encoding="utf-8").replace(WRITTEN_FOLDER, str(tmp_path / "files"))
    blocks = BLOCK.findall(_adapted(text, ports))
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "IMPORTMGR_DATA_DIR": str(tmp_path / "data"),
        "IMPORTMGR_PORT": ports[SERVICE],
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    with ExitStack() as terminals:
        for block in (block for block in blocks if _stays(block)):
            terminals.enter_context(_terminal(block, folder, environ))
        for port in ports.values() if any(map(_stays, blocks)) else ():
            _wait_for(f"http://127.0.0.1:{port}/")
        script = "set -euo pipefail\n" + "".join(b for b in blocks if not _stays(b))
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
    assert (done.returncode, done.stderr.count("error")) == (0, 0), done.stdout + done.stderr
    return done.stdout


def _folder(tmp_path: Path, ports: dict[str, str]) -> Path:
    """Return a folder like the project's, whose examples name the ports of this test."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples", folder / "examples")
    for document in (folder / "examples").glob("*.json"):
        document.write_text(_adapted(document.read_text(), ports))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def _adapted(text: str, ports: dict[str, str]) -> str:
    """Return the text for this test: free ports, and the tree where it must be this one."""
    for written, free in ports.items():
        text = re.sub(rf"\b{written}\b", free, text)
    return text.replace("make serve", f"make -C {ROOT} serve").replace("PYTHONPATH=. ", "")


def _stays(block: str) -> bool:
    """Tell whether the last line of a block starts a server, which does not end by itself."""
    return any(server in block.splitlines()[-1] for server in SERVERS)


@contextmanager
def _terminal(block: str, folder: Path, environ: dict[str, str]) -> Iterator[None]:
    """Type a block that does not end into a terminal of its own; press Ctrl-C at the end."""
    with subprocess.Popen(
        ["bash", "-c", block],
        cwd=folder,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _wait_for(url: str) -> None:
    """Return once somebody answers there."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"nobody answers at {url}")


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])
