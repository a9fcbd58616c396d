"""Receivers of notices: who is told about the imports of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from importmgr.client.door import Door
from importmgr.client.paging import Listing
from importmgr.client.receiver_values import (
    Delivery,
    Receiver,
    ReceiverTest,
    WebhookSecret,
    delivery_of,
    receiver_of,
    receiver_test_of,
    secret_of,
)
from importmgr.client.values import Document

SIZE = 50
DELIVERIES = Listing(limit="limit", offset="offset", size=SIZE, member="deliveries")


class Receivers:
    """Receivers of one kind, which is the word in their paths."""

    def __init__(self, door: Door, path: str, kind: str) -> None:
        """Take the way to the project."""
        self._door = door
        self._kind = kind
        self._path = f"{path}/{kind}s"
        self._pages = Listing(limit="limit", offset="offset", size=SIZE, member=f"{kind}s")

    def list(self) -> Iterator[Receiver]:
        """Yield every receiver in the order of creation, page by page."""
        return self._pages.follow(self._door, self._path, lambda row: receiver_of(row, self._kind))

    def add(self, document: Mapping[str, Any]) -> Document:
        """Create a receiver; return its id and, this once, the secret that signs, if one does."""
        return self._made(self._path, json=document)

    def renew_secret(self, receiver_id: str) -> Document:
        """Let a new secret sign, and return it; the present one signs too for a day."""
        return self._made(f"{self._at(receiver_id)}/rotate-secret")

    def read(self, receiver_id: str) -> Receiver:
        """Return one receiver and how it does."""
        answer = self._door.ask("GET", self._at(receiver_id))
        with self._door.understood():
            return receiver_of(answer.body, self._kind)

    def update(self, receiver_id: str, document: Mapping[str, Any]) -> None:
        """Replace the whole document of a receiver."""
        self._door.tell("PUT", self._at(receiver_id), json=document)

    def delete(self, receiver_id: str) -> None:
        """Delete a receiver with its deliveries."""
        self._door.tell("DELETE", self._at(receiver_id))

    def test(self, receiver_id: str) -> ReceiverTest:
        """Let the service send a test at once; return how that went."""
        answer = self._door.tell("POST", f"{self._at(receiver_id)}/test")
        with self._door.understood():
            return receiver_test_of(answer.body)

    def deliveries(self, receiver_id: str, state: str | None = None) -> Iterator[Delivery]:
        """Yield what was sent, or is to be, the newest first, page by page."""
        more = {} if state is None else {"state": state}
        path = f"{self._at(receiver_id)}/deliveries"
        return DELIVERIES.follow(self._door, path, delivery_of, **more)

    def redeliver(self, receiver_id: str, notice_id: str) -> None:
        """Queue a delivery once more, under the same id."""
        path = f"{self._at(receiver_id)}/deliveries/{quote(notice_id, safe='')}/redeliver"
        self._door.tell("POST", path)

    def _made(self, path: str, **parts: Any) -> Document:  # noqa: ANN401 - any JSON
        answer = self._door.tell("POST", path, **parts)
        with self._door.understood():
            return {**answer.body, f"{self._kind}_id": str(answer.body[f"{self._kind}_id"])}

    def _at(self, receiver_id: str) -> str:
        return f"{self._path}/{quote(receiver_id, safe='')}"


class Webhooks(Receivers):
    """Programs that are told by signed HTTP POST."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the project."""
        super().__init__(door, path, "webhook")

    def create(self, document: Mapping[str, Any]) -> WebhookSecret:
        """Create a webhook; its secret is shown this once."""
        made = self.add(document)
        with self._door.understood():
            return secret_of(made)

    def rotate_secret(self, webhook_id: str) -> WebhookSecret:
        """Let a new secret sign; the present one signs too for a day."""
        made = self.renew_secret(webhook_id)
        with self._door.understood():
            return secret_of(made)


class Emails(Receivers):
    """People who are told by mail."""

    def __init__(self, door: Door, path: str) -> None:
        """Take the way to the project."""
        super().__init__(door, path, "email")

    def create(self, document: Mapping[str, Any]) -> str:
        """Let people be told by mail and return the id of that."""
        made = self.add(document)
        with self._door.understood():
            return str(made["email_id"])
