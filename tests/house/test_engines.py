"""Engines are opened in one way by tests and closed; statements number none of their values."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from tests.engines import Watch, open_engine
from tests.house import tree

OPENER = "tests/engines.py"
NUMBERED = re.compile(r"[(, ]\?\d")
LEAVING = """
import sqlite3
from contextlib import closing

import pytest
from destinations.engine import create_engine
from tests.engines import open_engine

@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'x.db'}"

@pytest.fixture
def engine(url):
    return create_engine(url)

@pytest.fixture(scope="module")
def of_the_module(tmp_path_factory):
    with open_engine(f"sqlite:///{tmp_path_factory.mktemp('module') / 'x.db'}") as engine:
        yield engine

def test_with_an_engine(url):
    create_engine(url).connect().close()

def test_with_one_of_a_fixture(engine):
    engine.connect().close()

def test_without_an_engine(tmp_path):
    sqlite3.connect(tmp_path / "x.db").execute("SELECT 1")

def test_without_an_engine_but_closed(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("SELECT 1")

def test_with_one_that_is_closed(url):
    with open_engine(url) as engine:
        engine.connect().close()

def test_with_one_that_is_closed_later(of_the_module):
    of_the_module.connect().close()
"""


def test_tests_make_engines_in_one_way() -> None:
    others = [
        f"{tree.name(path)}:{call.lineno} calls create_engine: use `open_engine` of {OPENER}"
        for path in tree.modules("tests")
        if tree.name(path) != OPENER
        for call in ast.walk(tree.tree(path))
        if isinstance(call, ast.Call) and _name(call.func) == "create_engine"
    ]

    assert others == []


def test_what_is_left_open_is_told_once_and_closed(sqlite_url: str) -> None:
    own = Watch()
    with open_engine(sqlite_url) as engine:
        own.takes(engine)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1

        assert own.left() == [sqlite_url]
        assert own.left() == []


def test_a_test_that_leaves_a_connection_open_fails(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.engines"]\n')
    (tmp_path / "test_leaving.py").write_text(LEAVING)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]

    done = subprocess.run(
        [*command, "-W", "error", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tree.ROOT,
        env={**os.environ, "PYTHONPATH": str(tree.ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )

    errors = sorted(re.findall("^ERROR .*::(\\w+)", done.stdout, re.MULTILINE))
    assert errors == [
        "test_with_an_engine",
        "test_with_one_of_a_fixture",
        "test_without_an_engine",
    ], done.stdout
    assert "left connections open, close them or their engines: sqlite:///" in done.stdout


def test_no_statement_numbers_its_values() -> None:
    """Before 3.12.4 Python 3.12 takes longer to object to each than SQLite takes for a row."""
    numbered = [
        f"{tree.name(path)}:{text.lineno} numbers a value: use a name, or `?`"
        for path in tree.modules(*tree.SOURCE_ROOTS)
        for text in ast.walk(tree.tree(path))
        if isinstance(text, ast.Constant) and NUMBERED.search(str(text.value))
    ]

    assert numbered == []


def _name(called: ast.expr) -> str | None:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else None
