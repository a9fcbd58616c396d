"""Backups of an embedded installation, and putting one back.

The database is one file. The master key is another, on purpose: whoever finds a backup shall not
find with it what opens its secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from definitions.audit import AuditAction, Change
from definitions.errors import PermanentError, RequestError, SettingsError
from destinations.engine import create_engine
from importmgr.clock import Clock
from importmgr.security import key_file
from importmgr.security.keyring import Keyring
from importmgr.settings import Settings
from importmgr.store import backup, migrate
from importmgr.store.audit import AuditStore
from importmgr.store.installation import InstallationStore

KEY_SUFFIX = ".master.key"
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBackup:
    """A backup on disk; `key` is None where the master key was not asked for."""

    path: Path
    size: int
    key: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """What to put back; `key` is the file of the master key, if it is not in place already."""

    backup: Path
    key: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back; `kept` is where the database is that was there before, if one was."""

    made_with: str
    kept: Path | None


class Backups:
    """Makes backups of the running installation."""

    def __init__(
        self, settings: Settings, *, audit: AuditStore, keyring: Keyring, clock: Clock
    ) -> None:
        """Take where everything is."""
        self._settings = settings
        self._audit = audit
        self._keyring = keyring
        self._clock = clock

    def make(self, target: Path, *, with_key: bool) -> MadeBackup:
        """Write a backup to a new file, or to a file named by the time in a folder.

        Services go on meanwhile. `with_key` writes the master key beside it. Raise
        `SettingsError` for PostgreSQL, whose own tools do it.
        """
        database = embedded_database(self._settings)
        if target.is_dir():
            target /= f"importmgr-{self._clock.now().strftime(_MOMENT)}.db"
        key = target.with_name(target.name + KEY_SUFFIX) if with_key else None
        if key is not None:
            self._check_key(key)
        backup.copy(database, target)
        if key is not None:
            key_file.create(key, key_file.read(self._settings.key_path))
        after = {"path": str(target), "with_key": with_key}
        change = Change(action=AuditAction.BACKUP_MADE, project_id=None, after=after)
        self._audit.tell(change)
        return MadeBackup(path=target, size=target.stat().st_size, key=key)

    def _check_key(self, key: Path) -> None:
        if not self._keyring.is_file:
            msg = "the master key is in IMPORTMGR_MASTER_KEY, not in a file: keep that setting"
            raise SettingsError(msg)
        if key.exists():
            msg = f"{str(key)!r} exists already: name another file for the backup"
            raise RequestError(msg)


def embedded_database(settings: Settings) -> Path:
    """Return the file of the database; raise `SettingsError` for PostgreSQL, with the remedy."""
    if not settings.embedded:
        msg = (
            "the database is PostgreSQL: use pg_dump and pg_restore, or your server's backups, "
            "and keep the master key apart; docs/guide/backup.md tells what belongs together"
        )
        raise SettingsError(msg)
    return Path(settings.database_url.partition("sqlite:///")[2])


def restore(settings: Settings, asked: RestoreRequest, clock: Clock) -> Restored:
    """Let a backup take the place of the database; nobody may work on the installation.

    Everything is checked before anything is changed, and what was there is kept: raise
    `RequestError` for what is no whole backup, or where a database is in the way and it is not
    forced, `SettingsError` for one of a newer version or of another master key.
    """
    database, now = embedded_database(settings), clock.now()
    _check_asked(settings, asked, database)
    revision = _checked(asked.backup)
    keyring = _keyring(settings, asked.key)
    with _staged(asked.backup, database) as staged:
        _bring_up_to_date(staged, keyring, clock, asked.backup)
        if asked.key is not None:
            _install_key(settings.key_path, asked.key, now)
        kept = _kept(database, now)
        was_there = backup.put(staged, database, kept)
    return Restored(made_with=revision, kept=kept if was_there else None)


def _check_asked(settings: Settings, asked: RestoreRequest, database: Path) -> None:
    if not asked.backup.is_file():
        msg = f"there is no backup {str(asked.backup)!r}"
        raise RequestError(msg)
    if database.exists() and not asked.force:
        msg = (
            f"there is a database already, {str(database)!r}: repeat with --force to put the "
            "backup in its place (the old one is kept beside it)"
        )
        raise RequestError(msg)
    if asked.key is not None and settings.master_key is not None:
        msg = "the master key comes from IMPORTMGR_MASTER_KEY: put it there instead of --key"
        raise SettingsError(msg)


def _checked(copied: Path) -> str:
    """Return the schema of a backup; raise `RequestError` unless it is a whole database of ours."""
    try:
        return backup.check(copied)
    except PermanentError as exc:
        raise RequestError(str(exc)) from exc


def _keyring(settings: Settings, key: Path | None) -> Keyring:
    """Return the keys that the restored installation will have; make none."""
    path = key or settings.key_path
    if settings.master_key is None and not path.exists():
        msg = (
            f"there is no master key {str(path)!r}, and without it the secrets in the backup "
            "cannot be read and no API key is valid: give its file with --key"
        )
        raise SettingsError(msg)
    return Keyring.load(path, settings.master_key)


@contextmanager
def _staged(copied: Path, database: Path) -> Iterator[Path]:
    """Yield a copy of the backup beside the database; what is left of it then is removed."""
    staged = backup.stage(copied, database)
    try:
        yield staged
    finally:
        backup.discard(staged)


def _bring_up_to_date(staged: Path, keyring: Keyring, clock: Clock, made_from: Path) -> None:
    """Let the copy be of this version and of this key, and know that it was restored."""
    url = f"sqlite:///{staged}"
    migrate.upgrade(url)
    engine = create_engine(url)
    try:
        begun_with = InstallationStore(engine).begun_with(keyring.oldest.id)
        if keyring.key(begun_with) is None:
            msg = (
                f"the backup was made under another master key than {keyring.place}: give the file "
                "of its key with --key"
            )
            raise SettingsError(msg)
        change = Change(
            action=AuditAction.BACKUP_RESTORED, project_id=None, after={"path": str(made_from)}
        )
        AuditStore(engine, clock).tell(change)
    finally:
        engine.dispose()
    backup.settle(staged)


def _install_key(place: Path, given: Path, now: datetime) -> None:
    """Put the key where the service looks for it; another one that was there is kept."""
    text = key_file.read(given)
    if place.exists():
        if key_file.read(place) == text:
            return
        place.replace(_kept(place, now))
    key_file.replace(place, text)


def _kept(path: Path, now: datetime) -> Path:
    return path.with_name(f"{path.name}.before-{now.strftime(_MOMENT)}")
