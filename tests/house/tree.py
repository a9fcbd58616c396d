"""The files of this project, as the house tests look at them."""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("definitions", "sources", "destinations", "importmgr")
OTHER_CODE = ("tests", "benchmarks")
MIGRATIONS = "importmgr/store/migrations/"
FOREIGN = frozenset({"var", "build", "dist", "htmlcov", "node_modules", "__pycache__"})

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the project, without what tools and local servers leave behind."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if _is_ours(entry.name):
                yield from _walk(Path(entry.path))
        elif entry.is_file() and not entry.name.endswith((".pyc", ".log", ".sqlite3")):
            yield Path(entry.path)


def _is_ours(folder: str) -> bool:
    hidden = folder.startswith(".") and folder != ".ci"
    return not (hidden or folder in FOREIGN or folder.endswith(".egg-info"))


def name(path: Path) -> str:
    """Return a file's path as people write it: from the project's folder, with slashes."""
    return path.relative_to(ROOT).as_posix()


def modules(*roots: str) -> list[Path]:
    """Return the Python files below the given top-level folders."""
    chosen = [f"{root}/" for root in roots]
    return [
        path
        for path in files()
        if path.suffix == ".py" and any(name(path).startswith(root) for root in chosen)
    ]


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the content of every text file."""
    for path in files():
        try:
            yield name(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(module: ast.Module) -> Iterator[Function]:
    """Yield every function and method of a module, nested ones too."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def does_something(function: Function) -> bool:
    """Tell whether a function has a body besides its docstring and `...`."""
    return any(not _is_text_or_dots(statement) for statement in function.body)


def _is_text_or_dots(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


@cache
def pyproject() -> dict[str, Any]:
    """Return the project's configuration."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def page(path: str) -> str:
    """Return the text of a page of the documentation; fail when there is none."""
    found = ROOT / path
    assert found.exists(), f"{path} is missing"
    return found.read_text(encoding="utf-8")
