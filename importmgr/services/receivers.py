"""Receivers of notices: created, looked at, changed, tested, deleted; what was sent to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from definitions.audit import NOTHING, Change, Facts, ReceiverAction
from definitions.delivery import DeliveryState, Try
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
from importmgr.telling.channel import Channel, ChannelKind
from importmgr.telling.registry import channels
from importmgr.telling.signing_secrets import older_secrets
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
        kind: ChannelKind,
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
        checked = check_receiver(self._kind.schema, document)
        shown, hidden = self._kind.parted(checked)
        receiver_id = self._identity.hex24()
        secret = new_signing_secret(self._identity) if self._kind.is_signed else None
        stored = StoredReceiver(
            id=receiver_id,
            project_id=project.id,
            kind=self._kind.name,
            document=shown,
            secret=self._encrypted(receiver_id, secret, hidden),
            created_at=self._clock.now(),
        )
        also = self._recording(ReceiverAction.CREATED, stored, after=shown)
        self._store.add(stored, also=also)
        return NewSecret(receiver_id=receiver_id, secret=secret)

    def list(self, project: Project, limit: int, offset: int) -> Page[StoredReceiver]:
        """Return receivers in the order of their creation."""
        found, total = self._store.list(project.id, self._kind.name, limit, offset)
        return Page(items=tuple(found), total=total)

    def read(self, project: Project, receiver_id: str) -> StoredReceiver:
        """Return a receiver."""
        found = self._store.get(project.id, self._kind.name, receiver_id)
        if found is None:
            raise self._not_found(receiver_id)
        return found

    def update(self, project: Project, receiver_id: str, document: object) -> None:
        """Replace the whole document; one that was disabled is good again if it says `active`.

        A hidden member that the document lacks stays as it is: nobody can read it to send it back.
        """
        stored = self.read(project, receiver_id)
        if self._kind.hidden and isinstance(document, Mapping):
            known = self._sealer.decrypt_hidden(receiver_id, stored.secret)
            document = {**known, **document}
        shown, members = self._kind.parted(check_receiver(self._kind.schema, document))
        hidden = self._encrypted(receiver_id, None, members)
        also = self._recording(ReceiverAction.CHANGED, stored, before=stored.document, after=shown)
        if not self._store.change(stored, shown, hidden=hidden, also=also):
            raise self._not_found(receiver_id)

    def delete(self, project: Project, receiver_id: str) -> None:
        """Forget a receiver and what was sent to it."""
        stored = self.read(project, receiver_id)
        also = self._recording(ReceiverAction.DELETED, stored, before=stored.document)
        if not self._store.delete(stored, also=also):
            raise self._not_found(receiver_id)

    def rotate_secret(self, project: Project, receiver_id: str) -> NewSecret:
        """Sign with a new secret from now on, and for a day with the present one too.

        One that was rotated before signs to the end of its own day. Raise `LimitError` if too many
        would sign, `ConflictError` if somebody else rotates it at the same time.
        """
        stored, now = self.read(project, receiver_id), self._clock.now()
        secret, until = new_signing_secret(self._identity), now + OVERLAP
        older = older_secrets(self._sealer, stored, now)
        sealed = self._sealer.encrypt_signing(receiver_id, secret)
        also = self._recording(ReceiverAction.ROTATED, stored)
        if not self._store.change_secret(stored, sealed, until, older=older, also=also):
            self.read(project, receiver_id)
            msg = f"{self._kind.name} {receiver_id!r} got another secret just now: look, and repeat"
            raise ConflictError(msg)
        return NewSecret(receiver_id=receiver_id, secret=secret, previous_until=until)

    def test(self, project: Project, receiver_id: str) -> Try:
        """Send something at once, outside of the queue; tell how it went.

        The audit log is told before: what is sent cannot be taken back.
        """
        stored = self.read(project, receiver_id)
        now = self._clock.now()
        self._audit.tell(self._change(ReceiverAction.TESTED, stored))
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
            msg = f"{self._kind.name} {receiver_id!r} is not active: set active to true first"
            raise ConflictError(msg)
        also = self._recording(ReceiverAction.REDELIVERED, stored, after={"notice_id": notice_id})
        if not self._deliveries.redeliver(stored.id, notice_id, also=also):
            to = f"{self._kind.name} {receiver_id!r}"
            msg = f"nothing of the id {notice_id!r} was sent to {to}"
            raise NotFoundError(msg)

    def _encrypted(
        self, receiver_id: str, secret: str | None, hidden: Mapping[str, Any]
    ) -> bytes | None:
        """Return what is stored of what signs, or else of what is hidden."""
        if secret is not None:
            return self._sealer.encrypt_signing(receiver_id, secret)
        return self._sealer.encrypt_hidden(receiver_id, hidden) if hidden else None

    def _recording(
        self,
        done: ReceiverAction,
        stored: StoredReceiver,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> Also:
        return self._audit.recording(self._change(done, stored, before=before, after=after))

    def _change(
        self,
        done: ReceiverAction,
        stored: StoredReceiver,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> Change:
        return Change(
            action=f"{self._kind.name}.{done}",
            project_id=stored.project_id,
            what=stored.id,
            before=self._kind.told(before),
            after=self._kind.told(after),
        )

    def _not_found(self, receiver_id: str) -> NotFoundError:
        return NotFoundError(f"there is no {self._kind.name} {receiver_id!r} in this project")


def receivers_of(
    stores: Stores, opened: Mapping[str, Channel], sealer: Sealer, world: World
) -> Mapping[str, Receivers]:
    """Return the use cases around receivers, by their kind."""
    return {
        kind.name: Receivers(kind, stores, channel=opened[kind.name], sealer=sealer, world=world)
        for kind in channels()
    }
