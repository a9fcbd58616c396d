"""Receivers of notices: created, looked at, changed, tested, deleted; what was sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from definitions.audit import NOTHING, AuditAction, Change, Facts, without_query
from definitions.delivery import DeliveryState, ReceiverKind, Try
from definitions.errors import ConflictError, NotFoundError
from definitions.notices import trial_notice
from definitions.schema.receiver import check_receiver
from importmgr.security.sealing import Sealer
from importmgr.security.signing import new_signing_secret
from importmgr.services.paging import Page
from importmgr.store import Stores
from importmgr.store.deliveries import StoredDelivery
from importmgr.store.projects import Project
from importmgr.store.receivers import StoredReceiver
from importmgr.store.transactions import Also
from importmgr.telling.channel import Channel
from importmgr.world import World

OVERLAP = timedelta(hours=24)  # in which the secret before signs too


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """What signs from now on, if anything, shown this once; the one before signs until then."""

    receiver_id: str
    secret: str | None
    previous_until: datetime | None = None


class Receivers:
    """The use cases around receivers of one kind."""

    def __init__(
        self,
        kind: ReceiverKind,
        stores: Stores,
        *,
        channel: Channel,
        sealer: Sealer,
        world: World,
    ) -> None:
        """Take the stores, the way to tell, and what seals secrets."""
        self._kind = kind
        self._store = stores.receivers
        self._deliveries = stores.deliveries
        self._audit = stores.audit
        self._channel = channel
        self._sealer = sealer
        self._clock = world.clock
        self._identity = world.identity

    def create(self, project: Project, document: object) -> NewSecret:
        """Store a receiver; nothing is sent to it.

        Raise `InvalidError` with every problem of the document at once, `LimitError` if the
        project has as many as it may have.
        """
        checked = check_receiver(self._kind, document)
        receiver_id, is_signed = self._identity.hex24(), self._kind is ReceiverKind.WEBHOOK
        secret = new_signing_secret(self._identity) if is_signed else None
        stored = StoredReceiver(
            id=receiver_id,
            project_id=project.id,
            kind=self._kind,
            document=checked,
            secret=None if secret is None else self._sealer.encrypt_signing(receiver_id, secret),
            created_at=self._clock.now(),
        )
        self._store.add(stored, also=self._recording("created", stored, after=checked))
        return NewSecret(receiver_id=receiver_id, secret=secret)

    def list(self, project: Project, limit: int, offset: int) -> Page[StoredReceiver]:
        """Return receivers in the order of their creation."""
        found, total = self._store.list(project.id, self._kind, limit, offset)
        return Page(items=tuple(found), total=total)

    def read(self, project: Project, receiver_id: str) -> StoredReceiver:
        """Return a receiver."""
        found = self._store.get(project.id, self._kind, receiver_id)
        if found is None:
            raise self._not_found(receiver_id)
        return found

    def update(self, project: Project, receiver_id: str, document: object) -> None:
        """Replace the whole document; one that was disabled is good again if it says `active`."""
        stored = self.read(project, receiver_id)
        checked = check_receiver(self._kind, document)
        also = self._recording("changed", stored, before=stored.document, after=checked)
        if not self._store.change(stored, checked, also=also):
            raise self._not_found(receiver_id)

    def delete(self, project: Project, receiver_id: str) -> None:
        """Forget a receiver and what was sent to it."""
        stored = self.read(project, receiver_id)
        also = self._recording("deleted", stored, before=stored.document)
        if not self._store.delete(stored, also=also):
            raise self._not_found(receiver_id)

    def rotate_secret(self, project: Project, receiver_id: str) -> NewSecret:
        """Sign with a new secret from now on, and for a day with the present one too."""
        stored = self.read(project, receiver_id)
        secret, until = new_signing_secret(self._identity), self._clock.now() + OVERLAP
        sealed = self._sealer.encrypt_signing(receiver_id, secret)
        also = self._recording("rotated", stored)
        if not self._store.change_secret(stored, sealed, until, also=also):
            raise self._not_found(receiver_id)
        return NewSecret(receiver_id=receiver_id, secret=secret, previous_until=until)

    def test(self, project: Project, receiver_id: str) -> Try:
        """Send something at once, outside of the queue; tell how it went.

        The audit log is told before: what is sent cannot be taken back.
        """
        stored = self.read(project, receiver_id)
        now = self._clock.now()
        self._audit.tell(self._change("tested", stored))
        notice = trial_notice(self._identity.hex24(), project.token, now)
        return self._channel.send(stored, notice.id, notice.body)

    def deliveries(
        self,
        project: Project,
        receiver_id: str,
        state: DeliveryState | None,
        page: tuple[int, int],
    ) -> Page[StoredDelivery]:
        """Return what was sent, or is to be, the newest first; `page` is limit and offset."""
        stored = self.read(project, receiver_id)
        found, total = self._deliveries.list(stored.id, state, *page)
        return Page(items=tuple(found), total=total)

    def redeliver(self, project: Project, receiver_id: str, notice_id: str) -> None:
        """Queue a delivery once more, under the same id.

        Raise `ConflictError` while the receiver is not active.
        """
        stored = self.read(project, receiver_id)
        if not stored.active:
            msg = f"{self._kind} {receiver_id!r} is not active: set active to true first"
            raise ConflictError(msg)
        also = self._recording("redelivered", stored, after={"notice_id": notice_id})
        if not self._deliveries.redeliver(stored.id, notice_id, also=also):
            msg = f"nothing of the id {notice_id!r} was sent to {self._kind} {receiver_id!r}"
            raise NotFoundError(msg)

    def _recording(
        self,
        done: str,
        stored: StoredReceiver,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> Also:
        return self._audit.recording(self._change(done, stored, before=before, after=after))

    def _change(
        self,
        done: str,
        stored: StoredReceiver,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> Change:
        return Change(
            action=AuditAction(f"{self._kind}.{done}"),
            project_id=stored.project_id,
            what=stored.id,
            before=_told(before),
            after=_told(after),
        )

    def _not_found(self, receiver_id: str) -> NotFoundError:
        return NotFoundError(f"there is no {self._kind} {receiver_id!r} in this project")


def _told(document: Facts) -> Facts:
    """Return what the audit log tells of a document: an address may end with a token."""
    if "url" not in document:
        return document
    return {**document, "url": without_query(document["url"])}
