"""No test takes the time: on a busy machine it would fail without a fault.

Whether something hangs is found by the limit of every test. Whether it does too much is counted in
calls, lines or bytes, and whether it waits for somebody is asked of that somebody.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house import tree

OF_WORK = frozenset({"perf_counter", "perf_counter_ns", "process_time", "thread_time"})
CLOCKS = OF_WORK | {"monotonic", "monotonic_ns", "time", "time_ns"}


def test_no_test_takes_the_time() -> None:
    taken = [
        f"{tree.name(path)}:{line}"
        for path in tree.modules("tests")
        for line in _durations(tree.tree(path))
    ]

    assert taken == []


def test_durations_are_found_but_not_the_ends_of_waiting() -> None:
    text = """
def test_it():
    began = time.monotonic()
    while time.monotonic() - began < 60:
        work()
    took = time.monotonic() - began
    assert time.time() - 5 < 3
    assert time.process_time() < 4

def waits():
    return time.monotonic() - began
"""

    assert list(_durations(ast.parse(text))) == [6, 7, 8]


def _durations(module: ast.Module) -> Iterator[int]:
    """Yield the lines of tests where a time is subtracted from, or that of some work is asked."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            waiting = {
                id(part)
                for loop in ast.walk(function)
                if isinstance(loop, ast.While)
                for part in ast.walk(loop.test)
            }
            yield from (
                node.lineno
                for node in ast.walk(function)
                if isinstance(node, ast.expr)
                and id(node) not in waiting
                and (_is_duration(node) or _asks(node, OF_WORK))
            )


def _is_duration(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _asks(node.left, CLOCKS)


def _asks(node: ast.AST, clocks: frozenset[str]) -> bool:
    """Tell whether one of the clocks of the module `time` is asked."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    whose = node.func.value
    return isinstance(whose, ast.Name) and whose.id == "time" and node.func.attr in clocks
