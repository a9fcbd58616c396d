"""What every way of telling can do, and what it says of itself."""

# tested by: tests/contract/test_channels.py

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from definitions.audit import Facts, ReceiverAction, without_query
from definitions.delivery import Try
from definitions.schema.receiver import ReceiverSchema

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.security.sealing import Sealer
    from importmgr.settings import Settings
    from importmgr.store.receivers import StoredReceiver
    from importmgr.telling.posting import Poster


class Channel(Protocol):
    """Sends notices to receivers of one kind."""

    def send(self, receiver: StoredReceiver, notice_id: str, body: str) -> Try:
        """Send the text of a notice once; what went wrong is in what comes back.

        A test is sent this way too: it is a notice of the type `test`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a process gives to its channels."""

    settings: Settings
    poster: Poster
    sealer: Sealer
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """All that a channel says of itself; routes, commands, audit log and figures follow from it.

    `name` is a word in lower case, whose plural has an s. `place` is the member of a document that
    says where notices go, as the command line calls it in `metavar`. Members in `hidden` are
    secrets: they are encrypted at rest and never shown; `send` finds them in the document. Members
    in `addresses` may end with a token: the audit log has them without their query. What is
    `is_signed` has a secret of its own, which is made here, shown once and can be rotated.
    """

    name: str
    schema: type[ReceiverSchema]
    place: str
    metavar: str
    example: Mapping[str, Any]
    open: Callable[[Means], Channel]
    is_signed: bool = False
    hidden: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    @property
    def id_name(self) -> str:
        """Return what the id of a receiver is called."""
        return f"{self.name}_id"

    def parted(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what may be shown of a document, and what may not."""
        shown = {name: value for name, value in document.items() if name not in self.hidden}
        return shown, {name: document[name] for name in document if name in self.hidden}

    def told(self, document: Facts) -> Facts:
        """Return what the audit log tells of a document that may be shown."""
        cut = {name: without_query(document[name]) for name in self.addresses & document.keys()}
        return {**document, **cut}

    def actions(self) -> Iterator[str]:
        """Yield every action of the audit log that there is for receivers of this kind."""
        for done in ReceiverAction:
            if self.is_signed or done is not ReceiverAction.ROTATED:
                yield f"{self.name}.{done}"
