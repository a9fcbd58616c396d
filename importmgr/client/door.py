"""Sending requests to the API: login, timeouts, second tries, and errors with the server's text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth

from definitions.errors import (
    ConflictError,
    ForbiddenError,
    ImportmgrError,
    InvalidError,
    LimitError,
    NotFoundError,
    RequestError,
    TemporaryError,
    TooLargeError,
    UnauthenticatedError,
)

REFUSALS: Mapping[int, type[RequestError]] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: UnauthenticatedError,
        HTTPStatus.FORBIDDEN: ForbiddenError,
        HTTPStatus.NOT_FOUND: NotFoundError,
        HTTPStatus.CONFLICT: ConflictError,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLargeError,
    }
)
PIECE = 1 << 16
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for an answer, and how often and how long to wait before asking again."""

    timeout: float = 30.0
    attempts: int = 4
    first_delay: float = 0.5
    longest_delay: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def delay_after(self, attempt: int, asked: float | None) -> float | None:
        """Return how long to wait after the failed `attempt` (from 1), or None to give up.

        What the server asked for wins, unless that is longer than anybody wants to wait.
        """
        delay = self.first_delay * 2 ** (attempt - 1) if asked is None else asked
        return None if attempt >= self.attempts or delay > self.longest_delay else delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The body and the headers of a success."""

    body: Any
    headers: Mapping[str, str]


class Door:
    """The API at one address, entered with one key."""

    def __init__(self, url: str, key_id: str, secret: str, patience: Patience) -> None:
        """Take the address and the login; nothing is sent yet."""
        self.url = _checked(url)
        self.patience = patience
        self._session = requests.Session()
        self._session.auth = HTTPBasicAuth(key_id.encode(), secret.encode())
        self._session.headers["Accept"] = "application/json"
        self._session.trust_env = urlsplit(url).hostname not in LOOPBACK  # no proxy to ourselves

    def ask(self, method: str, path: str, **parts: Any) -> Answer:  # noqa: ANN401 - any JSON
        """Send a request that changes nothing, again and again while only time is missing."""
        attempt = 1
        while True:
            try:
                return self.tell(method, path, **parts)
            except (TemporaryError, LimitError) as exc:
                delay = self.patience.delay_after(attempt, exc.retry_after)
                if delay is None:
                    raise
            self.patience.sleep(delay)
            attempt += 1

    def tell(self, method: str, path: str, **parts: Any) -> Answer:  # noqa: ANN401 - any JSON
        """Send a request once; `parts` are `json`, `params`, `data` and `headers`."""
        with self._connected():
            response = self._send(method, path, **parts)
        return self._success(response)

    def read(self, path: str, **parts: Any) -> Iterator[bytes]:  # noqa: ANN401 - as above
        """Return the pieces of a file, each fetched when it is taken; ask once."""
        with self._connected():
            response = self._send("GET", path, stream=True, **parts)
        if response.status_code != HTTPStatus.OK:
            raise self._error(response)
        return self._pieces(response)

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        with response, self._connected():
            yield from response.iter_content(PIECE)

    def _send(self, method: str, path: str, **parts: Any) -> requests.Response:  # noqa: ANN401
        return self._session.request(
            method,
            self.url + path,
            timeout=self.patience.timeout,
            allow_redirects=False,
            **parts,
        )

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """Raise `TemporaryError` when the service cannot be reached or does not answer in time."""
        try:
            yield
        except requests.Timeout as exc:
            msg = f"no answer from {self.url} within {self.patience.timeout:g} seconds"
            raise TemporaryError(msg) from exc
        except requests.RequestException as exc:
            msg = f"cannot reach {self.url}; is the service running, and is this its address?"
            raise TemporaryError(msg) from exc

    @contextmanager
    def understood(self) -> Iterator[None]:
        """Raise `RequestError` when an answer is not of the form that importmgr gives."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise self._stranger() from exc

    def _success(self, response: requests.Response) -> Answer:
        """Return the answer or raise what it says."""
        if response.status_code != HTTPStatus.OK:
            raise self._error(response)
        with self.understood():
            return Answer(body=response.json(), headers=response.headers)

    def _error(self, response: requests.Response) -> ImportmgrError:
        """Return the error of the right kind with the server's text."""
        status, wait = response.status_code, _seconds(response.headers.get("Retry-After"))
        text, problems = _explanation(response)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return TemporaryError(text or f"{self.url} answered {status}", retry_after=wait)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return LimitError(text or "too many requests", retry_after=wait)
        if text is None:
            return self._stranger()
        return InvalidError(problems) if problems else REFUSALS.get(status, RequestError)(text)

    def _stranger(self) -> RequestError:
        """Say that something else than importmgr answered."""
        return RequestError(f"{self.url} does not answer as importmgr does; check the address")


def _checked(url: str) -> str:
    """Return the address without a slash at its end; raise `InvalidError` if it is not one."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise InvalidError({"url": [f"must look like https://importmgr.example.com, not {url!r}"]})
    if parts.username is not None or parts.password is not None:
        raise InvalidError({"url": ["must not hold a login; give the key id and the secret"]})
    return url.rstrip("/")


def _seconds(value: str | None) -> int | None:
    """Return the number of seconds of a Retry-After header."""
    return int(value) if value is not None and value.isascii() and value.isdigit() else None


def _explanation(response: requests.Response) -> tuple[str | None, dict[str, list[str]]]:
    """Return the text and the fields of an error body; no text when it is not one of ours."""
    try:
        body = response.json()
        return str(body["error"]), {path: list(texts) for path, texts in body["errors"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return None, {}
