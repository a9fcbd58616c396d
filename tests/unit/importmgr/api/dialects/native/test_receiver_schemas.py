from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from definitions.delivery import Record, Try
from importmgr.api.dialects.native.receiver_schemas import Shapes, render_try
from importmgr.store.projects import Project
from importmgr.telling.webhook import WEBHOOK
from tests.receivers import receiver
from tests.stores import NOW


def test_a_webhook_is_shown_with_how_it_does_and_without_its_secret() -> None:
    made = receiver(Project(id=1, token="t", name="Shop", created_at=NOW))
    failing = replace(
        made,
        disabled="it answered 410 Gone",
        previous_until=NOW + timedelta(days=1),
        record=Record(failures=3, failing_since=NOW),
    )

    shown = Shapes(WEBHOOK).render(failing)

    assert shown["webhook"] == made.document
    assert (shown["disabled"], shown["failures"]) == ("it answered 410 Gone", 3)
    assert shown["failing_since"] == NOW.timestamp()
    assert shown["previous_secret_until"] == NOW.timestamp() + 86400
    assert "secret'" not in repr(shown)


def test_a_try_is_rounded() -> None:
    shown = render_try(Try(at=NOW, milliseconds=1.2345, status=200))

    assert (shown["ok"], shown["milliseconds"]) == (True, 1.2)
