"""One word per idea, and no drawer for things without a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house import tree

DRAWERS = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "shared"}
GLOSSARY = {
    "tenant": "project",
    "tenants": "project",
    "workspace": "project",
    "job": "run",
    "jobs": "runs",
    "watermark": "checkpoint",
    "bookmark": "checkpoint",
    "datasource": "source",
    "sink": "destination",
    "sinks": "destinations",
    "mapper": "mapping",
    "scratchpad": "spool",
    "blacklist": "blocked",
    "whitelist": "allowed",
}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


def test_no_module_is_a_drawer() -> None:
    drawers = [
        tree.name(path)
        for path in tree.modules(*tree.SOURCE_ROOTS, *tree.OTHER_CODE)
        if DRAWERS & {path.stem, path.parent.name}
    ]

    assert drawers == []


def test_names_use_the_words_of_the_glossary() -> None:
    wrong = [
        f"{tree.name(path)}:{line} {given}: say {GLOSSARY[word]!r}, not {word!r}"
        for path in tree.modules(*tree.SOURCE_ROOTS)
        for given, line in _given_names(tree.tree(path))
        for word in _words(given)
        if word in GLOSSARY
    ]

    assert wrong == []


def test_every_package_says_what_it_is_in_two_sentences() -> None:
    wrong = []
    folders = {path.parent for path in tree.modules(*tree.SOURCE_ROOTS)}
    for folder in sorted(folders):
        if tree.name(folder).startswith(tree.MIGRATIONS.rstrip("/")):
            continue
        package = folder / "__init__.py"
        text = (ast.get_docstring(tree.tree(package)) if package.exists() else None) or ""
        if not 1 <= len(SENTENCE_END.findall(text)) <= 2:
            wrong.append(f"{tree.name(package)}: {text!r}")

    assert wrong == []


def _words(given: str) -> list[str]:
    return [word.lower() for word in WORD.findall(given)]


def _given_names(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the names that a module gives, not those of libraries that it uses."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case _:
                pass
