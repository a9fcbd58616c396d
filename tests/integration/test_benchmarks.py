"""The benchmarks: they run, compare every load of ours with the truth, and write their page.

What needs the peers' libraries is left out.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import results
from tests.service import ROOT


@pytest.mark.slow
def test_parties_on_sqlite_load_every_row(tmp_path: Path) -> None:
    page = _measure(tmp_path, "compare", "--section", "sqlite-items")

    assert "| importmgr, new catalog | " in page
    assert "| csv module, conversion by hand, executemany | " in page
    assert "| SQLite, new catalog : csv module + executemany | " in page
    assert "not measured: asked not to" in page


@pytest.mark.slow
@pytest.mark.postgres
def test_parties_on_postgresql_load_every_row(
    tmp_path: Path,
    postgres_url: str,  # noqa: ARG001 - skips where there is no server
) -> None:
    page = _measure(tmp_path, "compare", "--section", "postgresql-customers", engine="PostgreSQL")

    assert "| importmgr, half of them known and changed | " in page


@pytest.mark.slow
def test_the_other_figures_are_written_beside_them(tmp_path: Path) -> None:
    _measure(tmp_path, "memory")
    _measure(tmp_path, "retention")
    page = _measure(tmp_path, "hostile", "--only", "never closed", rows=100)

    assert "## Memory" in page
    assert "| SQLite | 500 | " in page
    assert "| a quote that is never closed, rows after it | " in page


@pytest.mark.slow
def test_firing_is_measured_beside_apscheduler(tmp_path: Path) -> None:
    page = _measure(tmp_path, "scheduler", rows=120)

    assert "| SQLite | 120 | importmgr | " in page
    assert "| SQLite | 120 | APScheduler's job store | " in page
    assert "| SQLite | 120 | 120 | " in page


@pytest.mark.slow
def test_polluted_files_are_read_beside_others(tmp_path: Path) -> None:
    page = _measure(tmp_path, "polluted", "--quick", "--table", "years", "--table", "gaps")

    assert "### Without options" in page
    assert "| importmgr | " in page
    assert "| csv module, `Sniffer` | " in page
    assert "| above the table | " in page


def _measure(folder: Path, *words: str, engine: str = "SQLite", rows: int = 500) -> str:
    """Run a command in small and return the page it has written."""
    page = folder / "page.md"
    small = ["--engine", engine, "--rows", str(rows), "--page", str(page), "--work", str(folder)]
    if words[0] == "compare":
        small += ["--repeats", "1", "--no-libraries"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words, *small],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return page.read_text(encoding="utf-8")


def test_the_readme_shows_the_figures_of_the_page() -> None:
    page = results.PAGE.read_text(encoding="utf-8")

    assert "| SQLite, new catalog : `.import` | " in results.shown()
    assert results.shown() in page
    assert "wholly right" in results.shown("polluted")
    assert results.shown("polluted") in page


def test_figures_are_shown_in_the_place_of_older_ones(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- measured -->\n\nold\n\n<!-- end of measured -->\nb\n")

    results.show(["| new \\1 |"], readme)

    assert readme.read_text() == (
        "a\n<!-- measured -->\n\n| new \\1 |\n\n<!-- end of measured -->\nb\n"
    )
