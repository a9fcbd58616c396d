"""The way from a local command to the inside; everything heavy is imported on this way only."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from importmgr.acting import Actor, acting
from importmgr.security.private_files import private_files
from importmgr.settings import Settings, environment

if TYPE_CHECKING:
    from importmgr.bootstrap import Wiring


def read_settings() -> Settings:
    """Return the settings of this process."""
    return Settings.from_environ(environment())


@contextmanager
def inside() -> Iterator[Wiring]:
    """Open the installation that the settings name; close it at the end.

    An embedded database that does not exist yet is made, as `serve` would make it.
    """
    from importmgr.bootstrap import build  # noqa: PLC0415 - see above
    from importmgr.store import migrate  # noqa: PLC0415 - see above

    settings = read_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.embedded and migrate.current(settings.database_url) is None:
        with private_files():
            migrate.upgrade(settings.database_url)
    migrate.check(settings.database_url)
    wiring = build(settings)
    try:
        wiring.check_keys()
        with acting_user():
            yield wiring
    finally:
        wiring.close()


def acting_user() -> AbstractContextManager[None]:
    """Let the audit log name the system's user who calls, for a while."""
    return acting(Actor(name=f"cli:{user()}"))


def user() -> str:
    """Return the name of the system's user who calls, or the number of one without a name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
