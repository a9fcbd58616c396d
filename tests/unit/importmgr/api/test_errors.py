from __future__ import annotations

import inspect

import pytest
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound

from definitions import errors
from definitions.errors import (
    ConflictError,
    ForbiddenError,
    ImportmgrError,
    InvalidError,
    LimitError,
    NotFoundError,
    ReconcileError,
    RequestError,
    SourceRefusedError,
    SourceUnreachableError,
    StoreBusyError,
    TooLargeError,
    UnauthenticatedError,
)
from importmgr.api.errors import INTERNAL, problem_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidError({"a": ["x"]}), 400),
        (RequestError("x"), 400),
        (UnauthenticatedError("x"), 401),
        (ForbiddenError("x"), 403),
        (NotFoundError("x"), 404),
        (ConflictError("x"), 409),
        (TooLargeError("x"), 413),
        (LimitError("x"), 429),
        (SourceRefusedError("x"), 400),
        (SourceUnreachableError("x"), 400),
        (StoreBusyError("x"), 503),
    ],
)
def test_each_error_has_its_status_and_code(error: ImportmgrError, status: int) -> None:
    problem = problem_of(error)

    assert (problem.status, problem.code, problem.text) == (status, error.code, str(error))


def test_every_request_error_has_a_status_below_500() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, RequestError) and kind is not InvalidError
    ]

    assert len(kinds) > 5
    assert all(400 <= problem_of(kind("x")).status < 500 for kind in kinds)


@pytest.mark.parametrize(
    "error", [ValueError("secret"), ReconcileError("secret"), RecursionError(), HTTPException()]
)
def test_what_nobody_foresaw_tells_nothing(error: Exception) -> None:
    assert problem_of(error) is INTERNAL


def test_wrong_fields_go_along() -> None:
    problem = problem_of(InvalidError({"a": ["x"], "b.0": ["y", "z"]}))

    assert problem.fields == {"a": ["x"], "b.0": ["y", "z"]}
    assert problem.text == "a: x; b.0: y; b.0: z"


def test_whoever_is_not_known_is_told_how_to_log_in() -> None:
    headers = problem_of(UnauthenticatedError("x")).headers

    assert headers["WWW-Authenticate"].startswith('Basic realm="importmgr"')


@pytest.mark.parametrize(("asked", "told"), [(None, "60"), (0, "60"), (7, "7")])
def test_whoever_must_wait_is_told_how_long(asked: int | None, told: str) -> None:
    assert problem_of(LimitError("x", retry_after=asked)).headers == {"Retry-After": told}
    assert problem_of(StoreBusyError("x")).headers == {"Retry-After": "5"}


def test_a_wrong_method_names_the_right_ones() -> None:
    problem = problem_of(MethodNotAllowed(valid_methods=["POST", "GET"]))

    assert (problem.status, problem.headers) == (405, {"Allow": "GET, POST"})
    assert problem.text.endswith("answers to GET, POST")


def test_http_errors_speak_our_language() -> None:
    assert problem_of(NotFound()).code == "not_found"
    assert problem_of(BadRequest()).text == "the request cannot be understood: bad request"
