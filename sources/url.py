"""A file behind an http or https address."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth

from definitions import model
from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.file_decisions import FileDecision
from definitions.retry import RetryPolicy
from sources import answers
from sources.base import RemoteFile, SpooledFile
from sources.guard import AddressPolicy, GuardedSession, guarded_session
from sources.part import NOTHING, Part
from sources.transfer import AnyRoom, FetchLimits, Room, Watch, in_time, receive
from sources.trying import FEW_TRIES, Patience, Paused, keep_trying, open_part, unheard

HEAD_IS_NOT_FOR_US = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,  # a signed address is often signed for GET alone
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_IMPLEMENTED,
}
SEEN = {
    HTTPStatus.OK,
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,  # an empty file has no first byte
}


class Pace(Protocol):
    """Keeps a project's requests to one host within what is polite."""

    def wait(self, project_id: int, host: str, heartbeat: Callable[[], None]) -> None:
        """Return when one more request may go out; what `heartbeat` raises ends the wait."""


class NoPace:
    """Lets every request go at once."""

    def wait(self, project_id: int, host: str, heartbeat: Callable[[], None]) -> None:
        """Return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSourceSettings:
    """What all URL sources of one process share; `room` says what may be written."""

    policy: AddressPolicy
    proxy: str | None = None
    ca_file: Path | None = None
    limits: FetchLimits = field(default_factory=FetchLimits)
    retry: RetryPolicy = FEW_TRIES
    paused: Paused = unheard
    pace: Pace = field(default_factory=NoPace)
    room: Room = field(default_factory=AnyRoom)
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    fraction: Callable[[], float] = lambda: 0.0


class UrlSource:
    """One file that is fetched by GET, in several tries if need be, each going on where it can.

    `heartbeat` is called again and again while something is awaited or received; what it raises
    ends the fetch, and the part that is there stays for the next one.
    """

    def __init__(
        self,
        source: model.UrlSource,
        *,
        project_id: int,
        settings: UrlSourceSettings,
        heartbeat: Callable[[], None] = lambda: None,
    ) -> None:
        self._source, self._project_id = source, project_id
        self._settings, self._limits = settings, settings.limits
        self._heartbeat = heartbeat

    def check(self) -> None:
        """Return if the file can be fetched now, within five seconds; else raise."""
        self.look()

    def list(self) -> Sequence[RemoteFile]:
        """Return the one file, without asking for it."""
        path = answers.shown(self._source.url)
        return [RemoteFile(path=path, size=None, modified_at=None, etag=None)]

    def decisions(self) -> Sequence[FileDecision]:
        """Return nothing: there is one file and no choice."""
        return ()

    def close(self) -> None:
        """Do nothing: every try has a connection of its own."""

    def look(self) -> RemoteFile:
        """Return the file as its source shows it now, within five seconds, without fetching it."""
        with self._session() as session:
            seconds = self._limits.check_timeout
            with closing(
                in_time(partial(self._glance, session), seconds, self._heartbeat)
            ) as answer:
                if answer.status_code not in SEEN:
                    raise answers.error_of_status(answer, self._source.url)
                return answers.described(self.list()[0], answers.identity_of(answer))

    def fetch(self, file: RemoteFile, into: Path) -> SpooledFile:
        """Bring the file to the spool path `into`, resuming a part that is already there.

        A whole file that is already there is returned as it is: one run sees one content.
        """
        found = open_part(file, into, self._patience, self._heartbeat)
        if isinstance(found, SpooledFile):
            return found
        watch = self._watch()
        with found as part:
            return keep_trying(
                lambda: self._try(file, part, watch),
                part,
                watch,
                self._patience,
                self._heartbeat,
            )

    def _try(self, file: RemoteFile, part: Part, watch: Watch) -> SpooledFile:
        if not part.is_whole:
            self._settings.pace.wait(self._project_id, self._host, self._heartbeat)
            with self._session() as session:
                seconds = self._limits.answer_timeout
                call = partial(self._ask, session, "GET", _headers_to_go_on(part))
                with closing(in_time(lambda _: call(), seconds, self._heartbeat)) as answer:
                    self._begin(part, answer)
                    watch.expect(part)
                    self._receive(part, answer, watch)
        return part.finish(answers.described(file, part.identity))

    def _begin(self, part: Part, answer: requests.Response) -> None:
        """Make `part` ready for the body of `answer`, or raise what the answer amounts to."""
        identity = answers.identity_of(answer)
        match answer.status_code:
            case HTTPStatus.OK:
                answers.refuse_encoding(answer, self._source.url)
                part.restart(identity)
            case HTTPStatus.PARTIAL_CONTENT if _goes_on(part, answer):
                pass
            case HTTPStatus.PARTIAL_CONTENT | HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.restart(NOTHING)
                shown = answers.shown(self._source.url)
                msg = f"{shown} changed while it was fetched; it is fetched afresh"
                raise SourceUnreachableError(msg)
            case _:
                raise answers.error_of_status(answer, self._source.url)

    def _receive(self, part: Part, answer: requests.Response, watch: Watch) -> None:
        try:
            receive(answer, part, watch, self._limits.chunk_size, self._heartbeat)
        except answers.CLIENT_ERRORS as exc:
            raise answers.error_of_client(exc, self._source.url) from None

    def _glance(self, session: GuardedSession, go_on: Callable[[], None]) -> requests.Response:
        """Ask for the head of the file, or for its first byte where heads are not given.

        `go_on` raises when nobody waits for the answer any more; then nothing more is asked.
        """
        answer = self._ask_in_turn(session, "HEAD", {}, go_on)
        if answer.status_code not in HEAD_IS_NOT_FOR_US:
            return answer
        answer.close()
        return self._ask_in_turn(session, "GET", {"Range": "bytes=0-0"}, go_on)

    def _ask_in_turn(
        self,
        session: GuardedSession,
        method: str,
        headers: Mapping[str, str],
        go_on: Callable[[], None],
    ) -> requests.Response:
        """Ask when the pace allows it and somebody still waits."""
        go_on()
        self._settings.pace.wait(self._project_id, self._host, go_on)
        go_on()
        return self._ask(session, method, headers)

    def _ask(
        self, session: GuardedSession, method: str, headers: Mapping[str, str]
    ) -> requests.Response:
        url, auth = self._source.url, self._source.auth
        try:
            return session.request(
                method,
                url,
                headers={"Accept-Encoding": "identity", **headers},
                auth=None if auth is None else _login(auth),
                timeout=(self._limits.connect_timeout, self._limits.read_timeout),
                stream=True,
            )
        except answers.CLIENT_ERRORS as exc:
            raise answers.error_of_client(exc, url) from None

    def _session(self) -> GuardedSession:
        settings = self._settings
        if self._source.use_proxy and settings.proxy is None:
            msg = (
                "the source is to be read through the proxy, and there is none; the operator "
                "can name one in IMPORTMGR_SOCKS_PROXY"
            )
            raise SourceRefusedError(msg)
        session = guarded_session(
            settings.policy, settings.proxy if self._source.use_proxy else None
        )
        if settings.ca_file is not None:
            session.verify = str(settings.ca_file)
        return session

    def _watch(self) -> Watch:
        settings = self._settings
        return Watch(
            self._limits,
            monotonic=settings.monotonic,
            room=settings.room,
        )

    @property
    def _patience(self) -> Patience:
        settings = self._settings
        return Patience(
            retry=settings.retry,
            longest_pause=self._limits.longest_pause,
            sleep=settings.sleep,
            fraction=settings.fraction,
            paused=settings.paused,
        )

    @property
    def _host(self) -> str:
        return urlsplit(self._source.url).hostname or ""


def _login(auth: model.BasicAuth) -> HTTPBasicAuth:
    return HTTPBasicAuth(auth.username.encode(), auth.password.encode())


def _headers_to_go_on(part: Part) -> dict[str, str]:
    """Return what asks for the rest of `part`, if nothing but the rest may come."""
    validator = part.identity.validator
    if part.size == 0 or validator is None:
        return {}
    return {"Range": f"bytes={part.size}-", "If-Range": validator}


def _goes_on(part: Part, answer: requests.Response) -> bool:
    """Tell whether a partial answer is the rest of `part`."""
    now, then = answers.identity_of(answer), part.identity
    same = now.validator in {None, then.validator} and now.size in {None, then.size}
    return same and answers.begins_at(answer) == part.size
