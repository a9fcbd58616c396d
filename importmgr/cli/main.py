"""The tree of commands.

Starting is quick: nothing heavier than click is imported before a command is chosen.
"""

from __future__ import annotations

import click

from importmgr.cli.audit import audit
from importmgr.cli.backups import backup, restore
from importmgr.cli.database import db
from importmgr.cli.definitions import definitions
from importmgr.cli.demo.command import demo
from importmgr.cli.inspect import inspect
from importmgr.cli.integrations import integration
from importmgr.cli.keys import key
from importmgr.cli.outcome import Root
from importmgr.cli.profiles import profile
from importmgr.cli.projects import project
from importmgr.cli.receiver_commands import receiver_groups
from importmgr.cli.runs import runs
from importmgr.cli.secrets import secrets
from importmgr.cli.service import serve, settings


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--traceback", is_flag=True, help="Show where an unexpected error came from.")
def main(*, traceback: bool) -> None:
    """Manage scheduled data imports.

    Files, before anything else: inspect.
    The service and its data: serve, demo, settings, db, backup, restore, secrets,
    project, key, audit all.
    Over HTTP, with a key: definitions, runs, integration, webhook, email, profile, audit list.

    Exit codes: 0 done, 1 the run failed or something unexpected happened, 2 the request or the
    settings are wrong, 3 not possible now but maybe later, 4 the run is paused, 130 interrupted.
    """


LOCAL = (inspect, serve, demo, settings, db, backup, restore, secrets, project, key, audit)
REMOTE = (definitions, runs, integration, *receiver_groups(), profile)
for command in (*LOCAL, *REMOTE):
    main.add_command(command)
