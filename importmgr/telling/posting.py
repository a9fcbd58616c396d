"""HTTP requests to addresses that clients wrote down: only allowed hosts, in time, no redirects."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from definitions.errors import PermanentError, TemporaryError
from sources import answers
from sources.guard import AddressPolicy, guarded_session
from sources.transfer import in_time

EXCERPT = 500  # characters of an answer that are kept
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a host said to a request; `error` if that is no success."""

    status: int | None = None
    error: str | None = None
    answer: str | None = None
    retry_after: float | None = None

    def close(self) -> None:
        """Do nothing: everything was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """Makes one request at a time, each over a connection of its own."""

    policy: AddressPolicy
    seconds: float

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send a body and return what was said, or why nothing was; never raise for either."""
        return self._request("POST", url, body, headers)

    def get(self, url: str) -> Reply:
        """Ask for an address and return what was said, or why nothing was."""
        return self._request("GET", url, None, {})

    def _request(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        call = partial(self._exchange, method, url, body, headers)
        try:
            return in_time(lambda _: call(), self.seconds, lambda: None)
        except (PermanentError, TemporaryError) as exc:
            return Reply(error=str(exc))

    def _exchange(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        try:
            with guarded_session(self.policy, None) as session:
                response = session.request(
                    method,
                    url,
                    data=body,
                    headers={"Accept-Encoding": "identity", **headers},
                    timeout=(CONNECT_SECONDS, self.seconds),
                    stream=True,
                    allow_redirects=False,
                )
                with closing(response):
                    said = response.raw.read(EXCERPT, decode_content=True) or b""
                    return _reply(response.status_code, said, answers.retry_after(response), url)
        except answers.CLIENT_ERRORS as exc:
            raise answers.error_of_client(exc, url) from None


def _reply(status: int, said: bytes, retry_after: float | None, url: str) -> Reply:
    """Tell a success from all else: every 2xx is one, and nothing but that."""
    answer = said.decode("utf-8", errors="replace").replace("\0", "\ufffd") or None
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Reply(status=status, answer=answer)
    error = f"{answers.shown(url)} answers {status}, which is no success"
    return Reply(status=status, error=error, answer=answer, retry_after=retry_after)
