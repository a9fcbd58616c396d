from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from importmgr.api.dialects.bloomreach.schemas.imports import StartBody

URL = "https://files.example.test/a.csv"


def loaded(**body: Any) -> tuple[str | None, bool, bool]:  # noqa: ANN401 - any JSON
    command = StartBody().load(body)
    return command["location"], command["test_connection"], command["only_test"]


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ({}, (None, True, False)),
        ({"path": URL}, (URL, True, False)),
        ({"path_to_overwrite": URL}, (URL, True, False)),
        ({"path": URL, "path_to_overwrite": URL}, (URL, True, False)),
        ({"path": None, "path_to_overwrite": URL}, (URL, True, False)),
        ({"path": URL, "path_to_overwrite": None}, (URL, True, False)),
        ({"path": URL, "test_connection": False}, (URL, False, False)),
        ({"test_connection": True}, (None, True, True)),
        ({"test_connection": True, "other": 1}, (None, True, True)),
        ({"test_connection": False}, (None, False, False)),
        ({"test_connection": None}, (None, True, False)),
        ({"test_connection": True, "path": None}, (None, True, True)),
    ],
)
def test_both_names_of_the_location_are_understood(
    body: dict[str, Any], command: tuple[str | None, bool, bool]
) -> None:
    assert loaded(**body) == command


@pytest.mark.parametrize(
    "body",
    [
        {"path": URL, "path_to_overwrite": f"{URL}?"},
        {"path": 1},
        {"path": []},
        {"test_connection": "true"},
        {"test_connection": 1},
    ],
)
def test_what_cannot_be_meant_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StartBody().load(body)
