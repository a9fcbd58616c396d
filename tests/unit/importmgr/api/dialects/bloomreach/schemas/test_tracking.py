from __future__ import annotations

import pytest
from marshmallow import ValidationError

from importmgr.api.dialects.bloomreach.schemas.tracking import (
    BatchBody,
    Command,
    EventBody,
)


@pytest.mark.parametrize(("given", "echoed"), [("17", "17"), (17, "17"), (None, None)])
def test_command_ids_become_texts(given: object, echoed: str | None) -> None:
    assert Command().load({"name": "customers", "command_id": given})["command_id"] == echoed


@pytest.mark.parametrize("given", [True, 1.5, {}, []])
def test_nothing_else_is_a_command_id(given: object) -> None:
    with pytest.raises(ValidationError):
        Command().load({"name": "customers", "command_id": given})


def test_a_batch_takes_commands_as_they_come() -> None:
    commands = ["x", None, {"name": "customers"}]

    assert BatchBody().load({"commands": commands})["commands"] == commands


def test_what_an_event_may_leave_out_has_its_default() -> None:
    loaded = EventBody().load({"customer_ids": {"a": "b"}, "event_type": "visit"})

    assert (loaded["timestamp"], loaded["properties"]) == (None, {})
