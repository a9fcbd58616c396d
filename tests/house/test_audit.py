"""Nothing changes without a line in the audit log."""

from __future__ import annotations

from collections.abc import Iterator

import click

from definitions.audit import AuditAction
from importmgr.api.dialects.registry import DIALECTS
from importmgr.cli.main import LOCAL
from tests.audited import COMMANDS, DOORS, READING_COMMANDS, READING_DOORS


def test_every_door_that_changes_something_has_its_audit_record() -> None:
    changing = {call for call in _calls() if not call.startswith("GET ")}

    assert {*DOORS, *READING_DOORS} == changing


def test_every_command_that_changes_something_has_its_audit_record() -> None:
    assert {*COMMANDS, *READING_COMMANDS} == set(_commands(LOCAL))


def test_every_kind_of_audit_record_has_an_operation() -> None:
    made = {*COMMANDS.values(), *(door.action for door in DOORS.values())}

    assert made == set(AuditAction)


def _calls() -> Iterator[str]:
    """Yield method and path of every door."""
    for dialect in DIALECTS:
        for blueprint in dialect.blueprints:
            yield from blueprint.calls


def _commands(commands: tuple[click.Command, ...], path: str = "") -> Iterator[str]:
    for command in commands:
        name = f"{path}{command.name}"
        if isinstance(command, click.Group):
            yield from _commands(tuple(command.commands.values()), f"{name} ")
        else:
            yield name
