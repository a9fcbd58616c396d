"""Arguments and options for the members of a receiver's document, made from its schema."""

# tested by: tests/contract/test_channels.py

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from importmgr.cli.receivers import filters
from importmgr.cli.remote import STDIN

if TYPE_CHECKING:
    from importmgr.telling.channel import ChannelKind

Command = Callable[..., Any]
Field: TypeAlias = Any  # of a schema

PLACE = "place"  # not by its name: the address of the service may have the same


def argument_of(kind: ChannelKind) -> Callable[[Command], Command]:
    """Return the argument that says where a new receiver is."""
    many = -1 if _is_list(_fields(kind)[kind.place]) else 1
    return click.argument(PLACE, metavar=kind.metavar, nargs=many, required=True)


def place_option(kind: ChannelKind) -> Callable[[Command], Command]:
    """Return the option that says where a receiver is from now on."""
    field = _fields(kind)[kind.place]
    many = _is_list(field)
    return click.option("--to", PLACE, multiple=many, metavar=kind.metavar, help=_about(field))


def member_options(kind: ChannelKind) -> Callable[[Command], Command]:
    """Return an option for each member that only receivers of this kind have."""

    def decorator(command: Command) -> Command:
        for name, field in _own(kind):
            command = _option(kind, name, field)(command)
        return command

    return decorator


def given_document(kind: ChannelKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a document that were given."""
    own = {name for name, _ in _own(kind)}
    found = {name: _plain(value) for name, value in given.items() if name in own | {"active"}}
    found |= {name: _read(found[name]) for name in sorted(kind.hidden)}
    where = {kind.place: _plain(given[PLACE])}
    return filters(given["name"], given["events"], given["imports"], **where, **found)


def hidden_members(kind: ChannelKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a person for the secret members that were not given."""
    if not sys.stdin.isatty():
        return {}
    missing = sorted(name for name in kind.hidden if given[name] is None)
    return {name: click.prompt(name, hide_input=True, err=True) for name in missing}


def _option(kind: ChannelKind, name: str, field: Field) -> Callable[[Command], Command]:
    from definitions.schema.fields import Flag, Items, Whole  # noqa: PLC0415 - as above

    option, about = f"--{name.replace('_', '-')}", _about(field)
    if name in kind.hidden:
        return click.option(option, name, help=f"{about} - reads it from stdin.")
    match field:
        case Whole():
            return click.option(option, name, type=_whole(field), help=about)
        case Flag():
            return click.option(f"{option}/--no-{option[2:]}", name, default=None, help=about)
        case Items():
            return click.option(option, name, multiple=True, help=about)
        case _:
            return click.option(option, name, help=about)


def _whole(field: Field) -> click.IntRange:
    """Return whole numbers within the bounds that the schema has."""
    from definitions.schema.rules import Bounds  # noqa: PLC0415 - after the choice of a command

    for rule in field.validators:
        if isinstance(rule, Bounds):
            return click.IntRange(rule.min, rule.max)
    return click.IntRange()


def _own(kind: ChannelKind) -> Iterator[tuple[str, Field]]:
    """Yield the members that not every receiver has, the place apart."""
    from definitions.schema.receiver import ReceiverSchema  # noqa: PLC0415 - as above

    of_all = {*ReceiverSchema().fields, kind.place}
    for name, field in _fields(kind).items():
        if name not in of_all:
            yield name, field


def _fields(kind: ChannelKind) -> Mapping[str, Field]:
    found: Mapping[str, Field] = kind.schema().fields
    return found


def _is_list(field: Field) -> bool:
    from definitions.schema.fields import Items  # noqa: PLC0415 - after the choice of a command

    return isinstance(field, Items)


def _about(field: Field) -> str:
    return str(field.metadata.get("description", ""))


def _read(value: Any) -> Any:  # noqa: ANN401 - click's
    return sys.stdin.readline().strip() if value == STDIN else value


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    """Return what was given as JSON has it; None for nothing."""
    return (list(value) or None) if isinstance(value, tuple) else value
