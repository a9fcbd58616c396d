"""Mail as plain text, handed to the server that the operator names."""

from __future__ import annotations

import json
import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from definitions.delivery import Try
from definitions.schema.fields import Items, Text
from definitions.schema.receiver import PersonSchema
from definitions.schema.rules import at_least_one, at_most, checked_by, length
from importmgr.setting_values import SmtpTls
from importmgr.telling.channel import ChannelKind, Means

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.settings import Settings
    from importmgr.store.receivers import StoredReceiver

LONGEST_SUBJECT = 200
LONGEST_ANSWER = 500
_MAX_RECIPIENT = 254
_MOST_RECIPIENTS = 20
_RECIPIENT = re.compile(r"[!-~]{1,64}@[0-9A-Za-z.-]{1,189}", re.ASCII)
NO_SERVER = "there is no mail server: the operator can name one in IMPORTMGR_SMTP_HOST"


def _recipient_problem(address: str) -> str | None:
    if _RECIPIENT.fullmatch(address):
        return None
    return "must be an address such as oncall@example.test, without a name or spaces"


class EmailSchema(PersonSchema):
    """People who are told by mail, all by one."""

    recipients = Items(
        Text(validate=[*length(1, _MAX_RECIPIENT), checked_by(_recipient_problem)]),
        required=True,
        validate=[at_most(_MOST_RECIPIENTS), at_least_one()],
        metadata={"description": "Who gets mail.", "example": ["oncall@example.test"]},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in, by whom, and how the way there is kept secret."""

    host: str
    port: int
    tls: SmtpTls
    sender: str
    user: str | None
    password: str | None = field(repr=False)
    seconds: float
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


class MailChannel:
    """Mails notices to all recipients of a receiver at once."""

    def __init__(self, server: MailServer | None, *, clock: Clock) -> None:
        """Take the server, if there is one."""
        self._server = server
        self._clock = clock

    def send(self, receiver: StoredReceiver, notice_id: str, body: str) -> Try:
        """Hand the notice in once; one recipient that is taken is enough."""
        at, began = self._clock.now(), self._clock.monotonic()
        if self._server is None:
            return Try(at=at, milliseconds=0.0, error=NO_SERVER)
        message = _message(json.loads(body), self._server.sender, receiver, at)
        message["Message-ID"] = f"<{notice_id}.{receiver.id}@importmgr>"
        status, error, answer = _hand_in(self._server, message, receiver.document["recipients"])
        milliseconds = 1000 * (self._clock.monotonic() - began)
        return Try(at=at, milliseconds=milliseconds, status=status, error=error, answer=answer)


def _message(
    notice: Mapping[str, Any], sender: str, receiver: StoredReceiver, at: datetime
) -> EmailMessage:
    """Return the mail that tells a notice."""
    data = notice["data"]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(receiver.document["recipients"])
    message["Subject"] = _one_line(data["summary"])[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(notice, data)) + "\n")
    return message


def _lines(notice: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a person reads: what happened, what to do, where to look."""
    yield data["summary"]
    if data.get("remedy"):
        yield from ("", f"What to do: {data['remedy']}")
    if data.get("command"):
        yield from ("", "Look at it:", f"  {data['command']}", f"  GET {data['path']}")
    yield from ("", f"{notice['type']} at {notice['timestamp']}, project {data['project_token']}")


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _hand_in(
    server: MailServer, message: EmailMessage, recipients: list[str]
) -> tuple[int | None, str | None, str | None]:
    """Return status, error and answer of handing a message in."""
    try:
        with _connected(server) as smtp:
            refused = smtp.send_message(message, to_addrs=recipients)
    except smtplib.SMTPRecipientsRefused as exc:
        return None, f"every recipient was refused: {_refused(exc.recipients)}", None
    except smtplib.SMTPResponseException as exc:
        said = _text(exc.smtp_error)
        return exc.smtp_code, f"{server.host} answers {exc.smtp_code}: {said}", said
    except (smtplib.SMTPException, OSError) as exc:
        why = getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
        return None, f"{server.host}:{server.port} cannot be handed mail ({why})", None
    return 250, None, f"refused: {_refused(refused)}" if refused else None


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Connect, secretly unless the operator does not want it, and log in if there is a user."""
    opened: smtplib.SMTP = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=server.seconds, context=server.context)
        if server.tls is SmtpTls.TLS
        else smtplib.SMTP(server.host, server.port, timeout=server.seconds)
    )
    with opened as smtp:
        if server.tls is SmtpTls.STARTTLS:
            smtp.starttls(context=server.context)
        if server.user is not None:
            smtp.login(server.user, server.password or "")
        yield smtp


def _refused(answers: Mapping[str, tuple[int, bytes]]) -> str:
    said = [f"{who} ({code} {_text(text)})" for who, (code, text) in answers.items()]
    return "; ".join(said)[:LONGEST_ANSWER]


def _text(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return _one_line(text)[:LONGEST_ANSWER]


def _open(means: Means) -> MailChannel:
    return MailChannel(_server(means.settings), clock=means.clock)


def _server(settings: Settings) -> MailServer | None:
    """Return where mail is handed in, if the operator says so."""
    if settings.smtp_host is None:
        return None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        sender=settings.smtp_from or "",
        user=settings.smtp_user,
        password=settings.smtp_password,
        seconds=settings.webhook_timeout_seconds,
    )


EMAIL = ChannelKind(
    name="email",
    schema=EmailSchema,
    place="recipients",
    metavar="ADDRESS",
    example={
        "name": "On call",
        "recipients": ["oncall@example.test"],
        "events": ["run.failed", "freshness.broken"],
        "imports": None,
        "active": True,
        "repeat_hours": 24,
    },
    open=_open,
)
