"""What a source's answer means: what it is about to send, or which error it amounts to.

Nothing here shows more of an address than scheme, host and path: logins and signatures stand in
the rest of it. For the same reason the HTTP client's own errors, whose texts hold the whole
address, are never chained to ours.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as wire

from definitions.errors import ImportmgrError, SourceRefusedError, SourceUnreachableError
from sources.base import RemoteFile
from sources.part import Identity

CLIENT_ERRORS = (requests.RequestException, wire.HTTPError, HTTPException, OSError)
FOR_GOOD = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    wire.LocationParseError,
)
SLOW = (requests.Timeout, wire.TimeoutError, TimeoutError)
CUT = (wire.ProtocolError, HTTPException)
MAY_PASS: set[int] = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
REMEDIES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "correct the login in source.auth",
    HTTPStatus.FORBIDDEN: "allow the login, or this service's address, to read it",
    HTTPStatus.NOT_FOUND: "there is no such file; correct the address",
    HTTPStatus.GONE: "the file was removed; correct the address",
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "correct the login in IMPORTMGR_SOCKS_PROXY",
}
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
READABLE = {"", "identity", "gzip", "x-gzip"}


def shown(url: str) -> str:
    """Return `url` as it may be shown: without login, and with `?…` for a query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + ("?…" if parts.query else "")


def identity_of(response: requests.Response) -> Identity:
    """Return what the answer says about the whole of the content it belongs to."""
    headers = response.headers
    return Identity(
        etag=headers.get("ETag"), modified=headers.get("Last-Modified"), size=_size(response)
    )


def begins_at(response: requests.Response) -> int | None:
    """Return at which byte of the content a partial answer begins."""
    found = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return int(found[1]) if found else None


def described(file: RemoteFile, identity: Identity) -> RemoteFile:
    """Return `file` with what the source says about its content."""
    moment = None if identity.modified is None else _date(identity.modified)
    return replace(file, size=identity.size, modified_at=moment, etag=identity.etag)


def retry_after(response: requests.Response) -> float | None:
    """Return how many seconds the source wants us to wait; a date counts from the answer's own."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until, now = _date(text), _date(response.headers.get("Date", ""))
    return None if until is None or now is None else max(0.0, (until - now).total_seconds())


def refuse_encoding(response: requests.Response, url: str) -> None:
    """Raise unless the body is as it is or gzip, which is expanded when it is read."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in READABLE:
        msg = f"{shown(url)} answers in the encoding {encoding!r}; send it plain or as gzip"
        raise SourceRefusedError(msg)


def error_of_status(response: requests.Response, url: str) -> ImportmgrError:
    """Return what an answer without the file amounts to: for now or for good."""
    status = response.status_code
    if status in MAY_PASS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        msg = f"{shown(url)} answers {status}; it may work later"
        return SourceUnreachableError(msg, retry_after=retry_after(response))
    remedy = REMEDIES.get(status, "give an address that answers with the file")
    return SourceRefusedError(f"{shown(url)} answers {status}; {remedy}")


def error_of_client(error: Exception, url: str) -> ImportmgrError:
    """Return what an error of the HTTP client amounts to; raise the result `from None`."""
    if isinstance(error, requests.exceptions.InvalidProxyURL):
        return SourceRefusedError("IMPORTMGR_SOCKS_PROXY is no usable address; correct it")
    if isinstance(error, FOR_GOOD):
        return SourceRefusedError(f"{shown(url)} is no usable address; correct it")
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message
            msg = f"the certificate of {shown(url)} is not valid ({reason}); renew or trust it"
            return SourceRefusedError(msg)
    return SourceUnreachableError(f"{shown(url)} {_what_happened(causes)}")


def _what_happened(causes: list[BaseException]) -> str:
    reasons = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    if reasons:
        return f"cannot be read ({reasons[-1]})"
    if any(isinstance(cause, SLOW) for cause in causes):
        return "did not answer in time"
    if any(isinstance(cause, CUT) for cause in causes):
        return "broke off in the middle"
    return f"cannot be read ({type(causes[-1]).__name__})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what led to it, as far as the client tells."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        found = queue.pop(0)
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            queue += [
                found.__cause__,
                found.__context__,
                getattr(found, "reason", None),
                *found.args,
            ]


def _size(response: requests.Response) -> int | None:
    """Return the length of the whole content, if it is told."""
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        found = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        return int(found[2]) if found and found[2] != "*" else None
    length = response.headers.get("Content-Length", "")
    chunked = "Transfer-Encoding" in response.headers
    return int(length) if length.isascii() and length.isdigit() and not chunked else None


def _date(text: str) -> datetime | None:
    """Return the moment that an HTTP date means."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
