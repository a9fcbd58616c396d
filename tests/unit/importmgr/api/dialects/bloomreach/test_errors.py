from __future__ import annotations

import pytest
from flask import Flask

from importmgr.api.dialects.bloomreach.errors import DOCS, ErrorAnswer, render
from importmgr.api.errors import INTERNAL, Problem


def rendered(
    problem: Problem, method: str = "GET", path: str = "/imports/v1/p/i"
) -> dict[str, object]:
    with Flask(__name__).test_request_context(path, method=method):
        return render(problem)


def test_a_problem_has_the_shape_that_connectors_read() -> None:
    problem = Problem(status=400, code="invalid", text="a: x", fields={"a": ("x",)})

    assert rendered(problem) == {"success": False, "error": "a: x", "errors": {"a": ["x"]}}


def test_the_internal_problem_is_the_one_of_the_contract() -> None:
    assert rendered(INTERNAL) == {"success": False, "error": "internal error", "errors": {}}


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("PUT", "/imports/v1/p/i", True),
        ("PATCH", "/imports/v1/p/i", True),
        ("DELETE", "/imports/v1/p", False),
        ("PUT", "/track/v2/projects/p/batch", False),
    ],
)
def test_whoever_wants_to_update_is_told_what_to_do(method: str, path: str, told: bool) -> None:
    problem = Problem(status=405, code="method_not_allowed", text="no")

    assert ("update is not implemented" in str(rendered(problem, method, path)["error"])) is told


def test_every_documented_example_has_the_shape() -> None:
    for status, document in DOCS.problems.items():
        example = document["content"]["application/json"]["example"]
        assert ErrorAnswer().validate(example) == {}, status
        assert "Could not authenticate" not in example["error"]
