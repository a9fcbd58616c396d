from __future__ import annotations

from typing import Any

from importmgr.client.receiver_values import receiver_of


def test_a_receiver_is_read_by_its_kind() -> None:
    row: dict[str, Any] = {
        "email_id": "e1",
        "email": {"recipients": []},
        "disabled": None,
        "failures": 0,
    }

    assert receiver_of(row, "email").id == "e1"
