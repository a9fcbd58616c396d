"""What went wrong with a request, as one value that every dialect renders in its own shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType

from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from definitions.errors import (
    ConflictError,
    ForbiddenError,
    ImportmgrError,
    InvalidError,
    LimitError,
    NotFoundError,
    Problems,
    RequestError,
    SourceRefusedError,
    SourceUnreachableError,
    StoreBusyError,
    TooLargeError,
    UnauthenticatedError,
)

STATUSES: Mapping[type[ImportmgrError], HTTPStatus] = MappingProxyType(
    {
        InvalidError: HTTPStatus.BAD_REQUEST,
        UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
        ForbiddenError: HTTPStatus.FORBIDDEN,
        NotFoundError: HTTPStatus.NOT_FOUND,
        ConflictError: HTTPStatus.CONFLICT,
        TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        LimitError: HTTPStatus.TOO_MANY_REQUESTS,
        RequestError: HTTPStatus.BAD_REQUEST,
        SourceUnreachableError: HTTPStatus.BAD_REQUEST,
        SourceRefusedError: HTTPStatus.BAD_REQUEST,
        StoreBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
CODES: Mapping[int, str] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: UnauthenticatedError.code,
        HTTPStatus.FORBIDDEN: ForbiddenError.code,
        HTTPStatus.NOT_FOUND: NotFoundError.code,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLargeError.code,
    }
)
WAIT_UNKNOWN = 60  # seconds to wait for whoever asked too often and cannot be told when to return
WAIT_FOR_STORE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A status, a text that stands alone, the fields it is about, and headers that go along."""

    status: int
    code: str
    text: str
    fields: Problems = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


INTERNAL = Problem(status=HTTPStatus.INTERNAL_SERVER_ERROR, code="internal", text="internal error")


def problem_of(error: Exception) -> Problem:
    """Return what to answer; anything not raised on purpose is `INTERNAL` and tells nothing."""
    if isinstance(error, RateLimitExceeded):
        return _too_often(error)
    if isinstance(error, HTTPException):
        return _refused(error)
    if isinstance(error, ImportmgrError) and (status := _status(error)):
        return Problem(
            status=status,
            code=error.code,
            text=str(error),
            fields=error.problems if isinstance(error, InvalidError) else {},
            headers=_headers(error),
        )
    return INTERNAL


def _status(error: ImportmgrError) -> HTTPStatus | None:
    """Return the status of the nearest class in the error tree."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)


def _headers(error: ImportmgrError) -> dict[str, str]:
    """Return what the client needs to go on."""
    if isinstance(error, UnauthenticatedError):
        return {"WWW-Authenticate": 'Basic realm="importmgr", charset="UTF-8"'}
    if isinstance(error, LimitError):
        return {"Retry-After": str(max(1, error.retry_after or WAIT_UNKNOWN))}
    if isinstance(error, StoreBusyError):
        return {"Retry-After": str(WAIT_FOR_STORE)}
    return {}


def _too_often(error: RateLimitExceeded) -> Problem:
    """Say which budget is used up; the headers with the figures are added to every answer."""
    limit = error.limit.limit
    return Problem(
        status=HTTPStatus.TOO_MANY_REQUESTS,
        code=LimitError.code,
        text=f"more than {limit.amount} list, read and delete requests in one minute "
        "for this project; wait as long as Retry-After says",
        headers={"Retry-After": str(WAIT_UNKNOWN)},
    )


def _refused(error: HTTPException) -> Problem:
    """Translate what the HTTP library found wrong."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return INTERNAL
    if isinstance(error, MethodNotAllowed):
        return _method_not_allowed(error)
    return Problem(
        status=status, code=CODES.get(status, RequestError.code), text=_text(error, status)
    )


def _text(error: HTTPException, status: int) -> str:
    """Return a sentence in the house's style."""
    if status == HTTPStatus.NOT_FOUND:
        return "there is nothing at this address; see /docs for those that exist"
    if status == STATUSES[TooLargeError]:
        return "the body is too large"
    name = error.name.lower()
    return f"the request cannot be understood: {name}"


def _method_not_allowed(error: MethodNotAllowed) -> Problem:
    """Name the methods that would work."""
    allowed = ", ".join(sorted(error.valid_methods or ()))
    return Problem(
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        code="method_not_allowed",
        text=f"this method is not supported here; the address answers to {allowed}",
        headers={"Allow": allowed},
    )
