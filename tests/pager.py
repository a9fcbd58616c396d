"""A channel that is not in the product: what a contributor writes to add one, and nothing more."""

from __future__ import annotations

import json
from dataclasses import dataclass

from definitions.delivery import Try
from definitions.schema.fields import Flag, Text
from definitions.schema.receiver import PersonSchema
from definitions.schema.rules import length
from importmgr.clock import Clock
from importmgr.store.receivers import StoredReceiver
from importmgr.telling.channel import ChannelKind
from importmgr.telling.posting import Poster


class PagerSchema(PersonSchema):
    """A person who carries a pager."""

    gateway = Text(required=True, validate=length(1, 200), metadata={"description": "Who pages."})
    token = Text(
        required=True,
        validate=length(8, 100),
        metadata={"description": "What the gateway knows us by.", "format": "password"},
    )
    loud = Flag(load_default=False, metadata={"description": "Whether it may wake somebody."})


@dataclass(frozen=True, slots=True)
class PagerChannel:
    """Posts a line to the gateway."""

    poster: Poster
    clock: Clock

    def send(self, receiver: StoredReceiver, notice_id: str, body: str) -> Try:
        """Post the summary once."""
        at, began = self.clock.now(), self.clock.monotonic()
        said = {"id": notice_id, "text": json.loads(body)["data"].get("summary", "")}
        headers = {"Authorization": f"Bearer {receiver.document['token']}"}
        reply = self.poster.post(receiver.document["gateway"], json.dumps(said).encode(), headers)
        took = 1000 * (self.clock.monotonic() - began)
        return Try(at=at, milliseconds=took, status=reply.status, error=reply.error)


PAGER = ChannelKind(
    name="pager",
    schema=PagerSchema,
    place="gateway",
    metavar="URL",
    example={
        "name": "On call",
        "gateway": "https://pager.example.test/send",
        "token": "let me page them",
        "loud": True,
        "events": ["run.failed"],
        "imports": None,
        "active": True,
        "repeat_hours": 1,
    },
    open=lambda means: PagerChannel(means.poster, means.clock),
    hidden=frozenset({"token"}),
)
