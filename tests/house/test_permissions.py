"""What the pages say of permissions is what the doors ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from importmgr.api.dialects.registry import DIALECTS
from importmgr.security.permissions import PERMISSIONS
from tests.house import tree

ROW = re.compile(r"^\| `([A-Z]+ /[^`]+)` \| ([^|]+) \|", re.MULTILINE)
WITHOUT = {"any key of the project", "that of each command"}


def test_every_permission_is_explained() -> None:
    page = tree.page("docs/security.md")
    explained = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", page, re.MULTILINE)

    assert sorted(explained) == sorted(PERMISSIONS)


def test_the_routes_name_the_permission_that_their_door_asks_for() -> None:
    rows = {call: cell.strip() for call, cell in ROW.findall(tree.page("docs/reference/routes.md"))}
    wrong = [
        f"{call}: the page says {rows.get(call)}, the door asks for {permission}"
        for call, permission in _doors()
        if not _agree(rows.get(call, ""), permission)
    ]

    assert wrong == []


def test_every_permission_opens_a_door() -> None:
    assert {permission for _, permission in _doors() if permission} == set(PERMISSIONS)


def _doors() -> Iterator[tuple[str, str | None]]:
    for dialect in DIALECTS:
        for blueprint in dialect.blueprints:
            for call, door in zip(blueprint.calls, blueprint.doors.values(), strict=True):
                yield call.replace("<", "{").replace(">", "}"), door.permission


def _agree(cell: str, permission: str | None) -> bool:
    return cell in WITHOUT if permission is None else cell == f"`{permission}`"
