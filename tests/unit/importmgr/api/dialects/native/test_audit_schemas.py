from __future__ import annotations

from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from importmgr.api.dialects.native.audit_schemas import AuditQuery, render_entry
from importmgr.store.audit import AuditEntry


def test_a_query_may_leave_out_everything() -> None:
    assert AuditQuery().load({}) == {
        "limit": 10,
        "offset": 0,
        **dict.fromkeys(("actor", "action", "what", "since", "until")),
    }


def test_a_query_names_what_was_changed_as_the_answer_does() -> None:
    assert AuditQuery().load({"object": "x"})["what"] == "x"
    with pytest.raises(ValidationError, match="object"):
        AuditQuery().load({"object": ""})


def test_an_entry_is_told_in_epoch_seconds() -> None:
    entry = AuditEntry(
        at=datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
        project_token="p",
        actor="k1",
        action="key.revoked",
        what="k2",
        before={"name": "crm"},
        after={},
        request_id=None,
    )

    assert render_entry(entry) == {
        "at": 1.0,
        "actor": "k1",
        "action": "key.revoked",
        "object": "k2",
        "before": {"name": "crm"},
        "after": {},
        "request_id": None,
    }
