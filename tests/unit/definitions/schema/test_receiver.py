from __future__ import annotations

import pytest

from definitions.errors import InvalidError
from definitions.schema.receiver import check_receiver
from importmgr.telling.mail import EmailSchema
from importmgr.telling.webhook import WebhookSchema

HOOK = {"url": "https://hooks.example.test/a"}


def test_the_smallest_webhook_is_told_everything() -> None:
    assert check_receiver(WebhookSchema, HOOK) == {
        "name": "",
        "url": "https://hooks.example.test/a",
        "events": None,
        "imports": None,
        "active": True,
    }


def test_what_is_normal_stays_as_it_is() -> None:
    normal = check_receiver(WebhookSchema, {**HOOK, "events": ["run.failed"], "name": "x"})

    assert check_receiver(WebhookSchema, normal) == normal


def test_every_problem_is_told_at_once() -> None:
    document = {
        "url": "ftp://x",
        "events": ["run.faild"],
        "imports": "all",
        "active": "yes",
    }

    with pytest.raises(InvalidError) as caught:
        check_receiver(WebhookSchema, document)

    assert "did you mean 'run.failed'?" in caught.value.problems["events.0"][0]
    assert set(caught.value.problems) == {"url", "events.0", "imports", "active"}


@pytest.mark.parametrize("document", [[], None, "x"])
def test_what_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(InvalidError, match="must be a JSON object"):
        check_receiver(WebhookSchema, document)


def test_a_login_in_the_address_is_refused_without_advice_for_sources() -> None:
    with pytest.raises(InvalidError) as caught:
        check_receiver(WebhookSchema, {"url": "https://me:geheim@hooks.example.test"})

    text = "must not contain a login before the host; got 'https://…'"
    assert caught.value.problems == {"url": [text]}


def test_mail_tells_everything_but_what_goes_well() -> None:
    normal = check_receiver(EmailSchema, {"recipients": ["a@example.test"]})

    assert "run.completed" not in normal["events"]
    assert {"run.failed", "freshness.broken"} <= set(normal["events"])
    assert normal["repeat_hours"] == 24
    assert check_receiver(EmailSchema, normal) == normal


@pytest.mark.parametrize(
    "recipients",
    [[], ["a"], ["a b@x.test"], ["a@x.test\nBcc: b@x.test"], ["A <a@x.test>"], "a@x.test"],
)
def test_what_is_no_address_is_refused(recipients: object) -> None:
    with pytest.raises(InvalidError):
        check_receiver(EmailSchema, {"recipients": recipients})
