"""A program that is told about a fleet's imports: it fails, stalls, hangs up, and notes it all.

What it decides depends on nothing but a seed and the notice's id, so that a seed repeats it.
"""

from __future__ import annotations

import http.server
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ClassVar, Self

from standardwebhooks import Webhook

from tests.file_serving import Server

STALLS = 3.0  # seconds, longer than a webhook of the fleet may take
GOOD = 204
FAILURES = (500, 503, 429, "stall", "hang up", "taken, but stalls")


@dataclass(slots=True)
class Hook:
    """What a receiver has got; it answers from `with hook:` on."""

    seed: str
    every: int  # one notice in so many meets each failure, and the very first one the first
    url: str = ""
    secret: str | None = None  # verifies what comes, once it is known
    taken: list[dict[str, Any]] = field(default_factory=list)  # every body that was answered well
    failed: Counter[object] = field(default_factory=Counter)
    is_well: bool = False
    seen: set[str] = field(default_factory=set)
    closing: threading.Event = field(default_factory=threading.Event)
    _server: Server | None = None

    def document(self) -> dict[str, Any]:
        """Return the webhook that tells it everything."""
        return {"name": "chaos", "url": self.url}

    def failure(self, notice_id: str) -> object:
        """Return how to fail; every notice is taken when it comes again."""
        if self.is_well or notice_id in self.seen:
            return None
        number = random.Random(self.seed + notice_id).randrange(self.every) if self.seen else 0
        self.seen.add(notice_id)
        return FAILURES[number] if number < len(FAILURES) else None

    def heal(self) -> None:
        """Take everything at once from now on."""
        self.is_well = True

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hook": self})
        self._server = Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/told"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Takes one notice, or does not."""

    hook: ClassVar[Hook]
    timeout = 10

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Be told something."""
        hook, self.close_connection = self.hook, True
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if hook.secret is not None:
            Webhook(hook.secret).verify(content, dict(self.headers))
        failure = hook.failure(self.headers["webhook-id"])
        if failure is not None:
            hook.failed[failure] += 1
        match failure:
            case int():
                self.send_response(failure)
                self.send_header("Retry-After", "1")
                self.end_headers()
            case "hang up":
                return
            case "stall":
                hook.closing.wait(STALLS)
            case _:
                told = json.loads(content)
                hook.taken.append({**told, "id": self.headers["webhook-id"], "at": time.time()})
                if failure is not None:
                    hook.closing.wait(STALLS)
                self.send_response(GOOD)
                self.end_headers()
