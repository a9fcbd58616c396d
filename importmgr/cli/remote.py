"""How a remote command finds its service: a saved profile, or every part as an option."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from importmgr.cli.profile_file import Profile, ProfileFile
from importmgr.settings import PROFILE, environment

if TYPE_CHECKING:
    from importmgr.client import Client

DEFAULT = "default"
STDIN = "-"

Command = Callable[..., Any]


def connection_options(command: Command) -> Command:
    """Add the options that say which service, project and key are meant."""
    for option in (
        click.option("--project", metavar="TOKEN", help="The project's token."),
        click.option(
            "--secret", help="The key's secret; - reads it from stdin. Asked for if absent."
        ),
        click.option("--key-id", help="The id of a private key."),
        click.option("--url", help="The service's address, such as http://127.0.0.1:8080."),
    ):
        command = option(command)
    return command


def connected(command: Command) -> Command:
    """Give the command a `Client` as its first argument, and the options that say to what."""

    @connection_options
    @click.option("--profile", help=f"A saved profile.  [default: {PROFILE}, else {DEFAULT}]")
    @functools.wraps(command)
    def connect(profile: str | None, **options: Any) -> Any:  # noqa: ANN401 - any command
        given = {name: options.pop(name) for name in ("url", "key_id", "secret", "project")}
        return command(client_of(_profile(profile, given)), **options)

    return connect


def client_of(profile: Profile) -> Client:
    """Return a client that uses the profile."""
    from importmgr.client import Client  # noqa: PLC0415 - only remote commands need it

    return Client(profile.url, profile.key_id, profile.secret, profile.project)


def profile_of(
    url: str | None, key_id: str | None, secret: str | None, project: str | None
) -> Profile:
    """Return a profile of its parts; the secret may come from a prompt or from stdin."""
    if url is None or key_id is None or project is None:
        msg = "give --url, --key-id and --project together"
        raise click.UsageError(msg)
    return Profile(url=url, key_id=key_id, secret=_secret(secret), project=project)


def _profile(name: str | None, given: dict[str, str | None]) -> Profile:
    """Return the profile that the options name or describe.

    The two are never mixed, so that a saved secret goes to the address it was saved for.
    """
    if all(value is None for value in given.values()):
        return ProfileFile.of_user().get(name or environment().get(PROFILE) or DEFAULT)
    if name is not None:
        msg = "give --profile, or --url, --key-id, --secret and --project, not both"
        raise click.UsageError(msg)
    return profile_of(**given)


def _secret(given: str | None) -> str:
    """Return the secret as given, read or asked for."""
    if given is None and sys.stdin.isatty():
        return str(click.prompt("Secret", hide_input=True, err=True))
    secret = sys.stdin.readline().strip() if given == STDIN else given
    if not secret:
        msg = "there is no secret: give --secret, or --secret - to read it from stdin"
        raise click.UsageError(msg)
    return secret
