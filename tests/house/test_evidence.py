"""What readers tell of a file is explained on its page, key by key, and nothing else is.

A key is a word that a literal mapping of a reader has, or that is set in one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house import tree

PAGE = "docs/reference/evidence.md"
MAKERS = (
    "sources/compression/listing.py",
    "sources/compression/opening.py",
    "sources/formats/",
    "sources/columns.py",
    "sources/emptying.py",
    "sources/opening.py",
)
OF_OTHER_THINGS = {  # whose mappings are of letters, of types of cells and the like
    "sources/formats/json/loose.py",
    "sources/formats/parquet/serving.py",
    "sources/formats/xlsx/sheet.py",
    "sources/formats/xlsx/workbook.py",
}
WORD = re.compile(r"[a-z][a-z0-9_]*")
ROW = re.compile(r"^\| `([a-z0-9_]+)` \|", re.MULTILINE)


def test_every_key_of_the_evidence_is_explained_and_no_other() -> None:
    described = ROW.findall(tree.page(PAGE))

    assert described == sorted(described)
    assert set(described) == {key for path in _makers() for key in _keys(path)}


def _makers() -> Iterator[Path]:
    for path in tree.modules("sources"):
        name = tree.name(path)
        if name.startswith(MAKERS) and name not in OF_OTHER_THINGS:
            yield path


def _keys(path: Path) -> Iterator[str]:
    """Yield the words that are keys of mappings in a module."""
    for node in ast.walk(tree.tree(path)):
        if isinstance(node, ast.Dict):
            yield from _words(node.keys)
        elif isinstance(node, ast.Assign):
            yield from _words(
                each.slice for each in node.targets if isinstance(each, ast.Subscript)
            )


def _words(nodes: Iterable[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and WORD.fullmatch(str(node.value)):
            yield str(node.value)
