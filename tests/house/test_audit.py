"""Nothing changes, and nothing masked is shown, without a line in the audit log."""

from __future__ import annotations

from collections.abc import Iterator

import click

from definitions.audit import AuditAction
from importmgr.api.dialects.registry import DIALECTS
from importmgr.cli.main import LOCAL
from importmgr.telling.registry import channels
from tests.audited import COMMANDS, DOORS, LATER, READING_COMMANDS, READING_DOORS

REVEALING = "rejects.unmask"


def test_every_door_that_changes_or_reveals_something_has_its_audit_record() -> None:
    doors = dict(_doors())
    changing = {call for call in doors if not call.startswith("GET ")}
    revealing = {call for call, permission in doors.items() if permission == REVEALING}

    assert revealing
    assert {*DOORS, *READING_DOORS} == changing | revealing


def test_every_command_that_changes_something_has_its_audit_record() -> None:
    assert {*COMMANDS, *READING_COMMANDS} == set(_commands(LOCAL))


def test_every_kind_of_audit_record_has_an_operation() -> None:
    made = {*COMMANDS.values(), *(door.action for door in DOORS.values()), *LATER}

    of_receivers = {action for kind in channels() for action in kind.actions()}
    assert made == {*AuditAction, *of_receivers}


def _doors() -> Iterator[tuple[str, str | None]]:
    """Yield method and path of every door, and the permission that it asks for."""
    for dialect in DIALECTS:
        for blueprint in dialect.blueprints:
            doors = blueprint.doors.values()
            for call, door in zip(blueprint.calls, doors, strict=True):
                yield call, door.permission


def _commands(commands: tuple[click.Command, ...], path: str = "") -> Iterator[str]:
    for command in commands:
        name = f"{path}{command.name}"
        if isinstance(command, click.Group):
            yield from _commands(tuple(command.commands.values()), f"{name} ")
        else:
            yield name
