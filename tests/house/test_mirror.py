"""Every module that does something has tests at its own path below tests/unit.

Not asked of `__init__`, `__main__`, migrations, and modules without code that runs (constants,
enumerations, plain values, Protocols). A module that only makes sense together with real servers
says so in a line near its top instead:

    # tested by: tests/integration/test_x.py
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.house import tree

ELSEWHERE = re.compile(r"^# tested by: (\S+)$", re.MULTILINE)
TOP_LINES = 20
FOLDERS = ("tests/integration/", "tests/contract/", "tests/acceptance/", "tests/chaos/")


def test_every_module_has_its_tests() -> None:
    without = [
        f"{tree.name(path)}: {wanted} is missing"
        for path in tree.modules(*tree.SOURCE_ROOTS)
        if _needs_tests(path)
        for wanted in _wanted(path)
        if not (tree.ROOT / wanted).exists()
    ]

    assert without == []


def test_a_module_names_other_tests_only_where_servers_are() -> None:
    wrong = [
        f"{tree.name(path)}: {named} is not below {', '.join(FOLDERS)}"
        for path in tree.modules(*tree.SOURCE_ROOTS)
        for named in _named(path)
        if not named.startswith(FOLDERS)
    ]

    assert wrong == []


def _needs_tests(path: Path) -> bool:
    if path.stem in {"__init__", "__main__"} or tree.name(path).startswith(tree.MIGRATIONS):
        return False
    return any(tree.does_something(function) for function in tree.functions(tree.tree(path)))


def _wanted(path: Path) -> list[str]:
    relative = Path(tree.name(path))
    return _named(path) or [f"tests/unit/{relative.parent.as_posix()}/test_{relative.name}"]


def _named(path: Path) -> list[str]:
    top = path.read_text(encoding="utf-8").splitlines()[:TOP_LINES]
    return ELSEWHERE.findall("\n".join(top))
