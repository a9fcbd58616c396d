"""Modules, functions and signatures stay small."""

from __future__ import annotations

from tests.house import tree

CODE = (*tree.SOURCE_ROOTS, "benchmarks")
MODULE_LINES = 300
FUNCTION_LINES = 40
PARAMETERS = 5


def test_a_module_has_at_most_300_lines() -> None:
    sizes = {
        tree.name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in tree.modules(*CODE)
    }

    assert {path: size for path, size in sizes.items() if size > MODULE_LINES} == {}


def test_a_function_has_at_most_40_lines() -> None:
    """Migrations list whole tables; they are read once, from top to bottom."""
    long = [
        f"{tree.name(path)}:{function.lineno} {function.name} has {_lines(function)} lines"
        for path in tree.modules(*CODE)
        if not tree.name(path).startswith(tree.MIGRATIONS)
        for function in tree.functions(tree.tree(path))
        if _lines(function) > FUNCTION_LINES
    ]

    assert long == []


def test_a_function_has_at_most_5_parameters() -> None:
    wide = [
        f"{tree.name(path)}:{function.lineno} {function.name} has {_parameters(function)}"
        for path in tree.modules(*CODE)
        for function in tree.functions(tree.tree(path))
        if _parameters(function) > PARAMETERS
    ]

    assert wide == []


def _lines(function: tree.Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _parameters(function: tree.Function) -> int:
    """Count what a caller may pass, `self` and `cls` aside."""
    spec = function.args
    named = [argument.arg for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    return len([argument for argument in named if argument not in {"self", "cls"}])
