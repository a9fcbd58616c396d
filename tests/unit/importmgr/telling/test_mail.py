"""Mail as a real server takes it."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from importmgr.clock import SystemClock
from importmgr.setting_values import SmtpTls
from importmgr.store.projects import Project
from importmgr.store.receivers import StoredReceiver
from importmgr.telling.mail import MailChannel, MailServer
from tests.receivers import receiver
from tests.stores import NOW

PASSWORD = "geheimes Wort"
BODY = json.dumps(
    {
        "type": "run.failed",
        "timestamp": "2026-03-01T12:00:00Z",
        "version": 1,
        "data": {
            "project_token": "prj",
            "summary": "Import 'Käufer\n\x07' failed: answers 404",
            "remedy": "correct the address",
            "command": "importmgr runs show d1 r1",
            "path": "/imports/v1/prj/d1/runs/r1",
        },
    }
)


@dataclass(slots=True)
class Box:
    """Takes mail for everybody but those it refuses."""

    refused: set[str] = field(default_factory=set)
    taken: list[Any] = field(default_factory=list)

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: ANN401, N802 - the library's
        """Refuse some."""
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - the library's
        """Keep it."""
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[MailServer]:
    """A server with STARTTLS and a login, as its operator would name it."""
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)

    def login(*given: Any) -> AuthResult:  # noqa: ANN401 - the library's
        return AuthResult(success=given[-1].password == PASSWORD.encode(), handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=theirs,
        require_starttls=True,
        authenticator=login,
    )
    controller.start()
    yield MailServer(
        host="127.0.0.1",
        port=port,
        tls=SmtpTls.STARTTLS,
        sender="importmgr@example.test",
        user="importmgr",
        password=PASSWORD,
        seconds=5.0,
        context=ours,
    )
    controller.stop()


def to(*recipients: str) -> StoredReceiver:
    project = Project(id=1, token="prj", name="Shop", created_at=NOW)
    return receiver(project, "email", recipients=list(recipients))


def read(taken: Any) -> EmailMessage:  # noqa: ANN401 - the library's
    return message_from_bytes(taken.content, policy=policy.default)


def test_a_notice_is_mail_that_says_what_to_do(box: Box, server: MailServer) -> None:
    made = MailChannel(server, clock=SystemClock()).send(to("a@example.test"), "msg_1", BODY)

    assert (made.error, made.status, made.answer) == (None, 250, None)
    (taken,) = box.taken
    mail = read(taken)
    assert mail["Subject"] == "Import 'Käufer ' failed: answers 404"
    assert (mail["From"], mail["To"]) == ("importmgr@example.test", "a@example.test")
    assert mail["Message-ID"].startswith("<msg_1.")
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "What to do: correct the address" in text
    assert "importmgr runs show d1 r1" in text
    assert "GET /imports/v1/prj/d1/runs/r1" in text


def test_one_recipient_that_is_taken_is_enough(box: Box, server: MailServer) -> None:
    box.refused = {"b@example.test"}
    channel = MailChannel(server, clock=SystemClock())

    some = channel.send(to("a@example.test", "b@example.test"), "msg_1", BODY)
    none = channel.send(to("b@example.test"), "msg_1", BODY)

    assert some.error is None
    assert some.answer == "refused: b@example.test (550 nobody of that name)"
    assert (none.error or "").startswith("every recipient was refused: b@example.test (550")
    assert len(box.taken) == 1


def test_a_wrong_password_is_told_without_it(box: Box, server: MailServer) -> None:
    wrong = replace(server, password="ein anderes Wort")

    made = MailChannel(wrong, clock=SystemClock()).send(to("a@example.test"), "msg_1", BODY)

    assert made.status == 535
    assert "anderes" not in (made.error or "")
    assert "anderes" not in repr(wrong)
    assert box.taken == []


def test_a_certificate_that_nobody_trusts_is_refused(box: Box, server: MailServer) -> None:
    careful = replace(server, context=ssl.create_default_context())

    made = MailChannel(careful, clock=SystemClock()).send(to("a@example.test"), "msg_1", BODY)

    assert "cannot be handed mail" in (made.error or "")
    assert box.taken == []


def test_without_a_server_the_operator_is_named_the_setting() -> None:
    made = MailChannel(None, clock=SystemClock()).send(to("a@example.test"), "msg_1", BODY)

    assert "IMPORTMGR_SMTP_HOST" in (made.error or "")
