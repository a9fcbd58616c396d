"""Every way of telling of one process, by the kind of receiver."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.delivery import ReceiverKind
from importmgr.clock import Clock
from importmgr.security.sealing import Sealer
from importmgr.settings import Settings
from importmgr.telling.channel import Channel
from importmgr.telling.mail import MailChannel, MailServer
from importmgr.telling.posting import Poster
from importmgr.telling.webhook import WebhookChannel
from sources.guard import AddressPolicy


def open_channels(
    settings: Settings, policy: AddressPolicy, sealer: Sealer, clock: Clock
) -> Mapping[ReceiverKind, Channel]:
    """Return one channel of each kind; nothing is connected to."""
    poster = Poster(policy=policy, seconds=settings.webhook_timeout_seconds)
    return {
        ReceiverKind.WEBHOOK: WebhookChannel(poster, sealer=sealer, clock=clock),
        ReceiverKind.EMAIL: MailChannel(_mail_server(settings), clock=clock),
    }


def _mail_server(settings: Settings) -> MailServer | None:
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
