from __future__ import annotations

from importmgr.api.dialects.native.errors import DOCS, render
from importmgr.api.errors import Problem


def test_a_problem_tells_text_code_and_fields() -> None:
    problem = Problem(status=400, code="invalid", text="x: is wrong", fields={"x": ("is wrong",)})

    assert render(problem) == {
        "error": "x: is wrong",
        "code": "invalid",
        "errors": {"x": ["is wrong"]},
    }


def test_every_documented_problem_has_an_example_of_that_shape() -> None:
    for documented in DOCS.problems.values():
        example = documented["content"]["application/json"]["example"]
        assert set(example) == {"error", "code", "errors"}
