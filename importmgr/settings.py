"""Everything an operator can set, read once from the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from definitions.errors import SettingsError
from importmgr.setting_values import (
    EVERY_ROLE,
    Count,
    DatabaseUrl,
    DefaultBrake,
    Folder,
    Folders,
    Kind,
    LogFormat,
    LogLevel,
    Networks,
    Port,
    Positive,
    Role,
    Roles,
    Seconds,
    Secret,
    Size,
    SmtpTls,
    Switch,
    Text,
    Tls,
    Word,
)

PREFIX = "IMPORTMGR_"
FILE_SUFFIX = "_FILE"
PROFILE = "IMPORTMGR_PROFILE"  # whom remote commands call; no setting of the service


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """The settings of one process; `docs/reference/settings.md` tells what each one means."""

    data_dir: Folder = Path("var")
    database_url: DatabaseUrl = ""
    master_key: Secret = None

    roles: Roles = EVERY_ROLE
    status_port: Port = 8081

    host: Text = "127.0.0.1"
    port: Port = 8080
    http_threads: Positive = 8
    trusted_proxies: Count = 0
    max_body_bytes: Size = 1 << 20
    shutdown_seconds: Seconds = 8.0

    rate_limits: Switch = True
    management_requests_per_minute: Positive = 100
    failed_logins_per_minute: Positive = 20
    max_active_definitions: Positive = 25
    max_waiting_runs: Positive = 100
    max_running_runs: Positive = 10

    executors: Count = 2
    poll_seconds: Seconds = 2.0
    lease_seconds: Seconds = 60.0
    heartbeat_seconds: Seconds = 15.0
    max_attempts: Positive = 5
    retry_first_delay_seconds: Seconds = 5.0
    retry_max_delay_seconds: Seconds = 900.0
    stall_seconds: Seconds = 1800.0
    brake_action: DefaultBrake = "warn"
    tick_seconds: Seconds = 1.0
    missed_after_seconds: Seconds = 60.0
    watchers: Count = 2
    watch_seconds: Seconds = 60.0
    batch_bytes: Size = 3 << 20
    kept_rejects_bytes: Size = 64 << 20

    run_days: Positive = 90
    run_count: Positive = 1_000
    reject_days: Positive = 30
    decision_days: Positive = 30
    audit_days: Positive = 365
    audit_count: Positive = 1_000_000
    delivery_days: Positive = 30

    couriers: Count = 2
    webhook_timeout_seconds: Seconds = 20.0
    alive_url: Secret = None
    alive_seconds: Seconds = 60.0
    smtp_host: Word = None
    smtp_port: Port = 587
    smtp_tls: Tls = SmtpTls.STARTTLS
    smtp_user: Word = None
    smtp_password: Secret = None
    smtp_from: Word = None

    allow_private_sources: Switch = False
    allowed_source_networks: Networks = ()
    socks_proxy: Secret = None
    source_requests_per_minute: Positive = 100
    source_timeout_seconds: Seconds = 30.0
    source_deadline_seconds: Seconds = 21600.0
    source_minimum_rate: Count = 1000
    max_file_bytes: Size = 50 << 30
    minimum_free_bytes: Size = 512 << 20
    spool_bytes: Size = 1 << 40
    unpack_ratio: Positive = 1000
    local_folders: Folders = ()
    file_stable_seconds: Seconds = 30.0

    log_level: LogLevel = "info"
    log_format: LogFormat = "text"

    def __post_init__(self) -> None:
        """Put the database beside the data unless told otherwise; check what belongs together."""
        if not self.database_url:
            path = self.data_dir.absolute() / "importmgr.db"
            object.__setattr__(self, "database_url", f"sqlite:///{path}")
        if self.heartbeat_seconds * 2 > self.lease_seconds:
            msg = (
                f"{PREFIX}HEARTBEAT_SECONDS {self.heartbeat_seconds!r} is more than half of "
                f"{PREFIX}LEASE_SECONDS {self.lease_seconds!r}: one late heartbeat would lose a run"
            )
            raise SettingsError(msg)
        if self.embedded and self.roles != EVERY_ROLE:
            msg = (
                f"roles {','.join(self.roles)!r} need PostgreSQL, one process does everything on "
                f"SQLite: leave them at 'all', or set {PREFIX}DATABASE_URL to postgresql://…"
            )
            raise SettingsError(msg)

        if self.smtp_host is not None and self.smtp_from is None:
            msg = f"{PREFIX}SMTP_HOST is set without {PREFIX}SMTP_FROM: say who mail comes from"
            raise SettingsError(msg)

    @property
    def embedded(self) -> bool:
        """Tell whether the database is a file that this one process works on."""
        return self.database_url.startswith("sqlite:")

    @property
    def listen_port(self) -> tuple[str, int]:
        """Return the variable that says where this process listens, and what it says."""
        name = "port" if Role.API in self.roles else "status_port"
        return env_name(name), getattr(self, name)

    @property
    def key_path(self) -> Path:
        """Return where the master keys are kept when no setting holds them."""
        return self.data_dir / "master.key"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings from `environ`; raise `SettingsError` for an unknown or wrong one."""
        kinds = _kinds()
        given = _given(environ, {env_name(name): kind for name, kind in kinds.items()})
        values = {
            name: _read(env_name(name), kind, given[env_name(name)])
            for name, kind in kinds.items()
            if env_name(name) in given
        }
        return cls(**values)

    def shown(self) -> list[tuple[str, str, bool]]:
        """Return (environment name, value fit for showing, is it the default) of every setting."""
        defaults = Settings(data_dir=self.data_dir)
        return [
            (env_name(name), self._shown(name), self._is_default(name, defaults))
            for name in _kinds()
        ]

    def _shown(self, name: str) -> str:
        return _kinds()[name].show(getattr(self, name))

    def _is_default(self, name: str, defaults: Settings) -> bool:
        if name == "data_dir":
            defaults = Settings()
        return bool(getattr(self, name) == getattr(defaults, name))

    def __repr__(self) -> str:
        """Show every field, secrets masked."""
        return f"Settings({', '.join(f'{name}={self._shown(name)}' for name in _kinds())})"


def environment() -> MutableMapping[str, str]:
    """Return the environment of this process; nothing else reads it."""
    return os.environ


def env_name(name: str) -> str:
    """Return the environment variable of a field."""
    return PREFIX + name.upper()


@cache
def _kinds() -> dict[str, Kind]:
    """Return the kind of every field, in the order they are declared."""
    hints = get_type_hints(Settings, include_extras=True)
    return {declared.name: get_args(hints[declared.name])[-1] for declared in fields(Settings)}


def _given(environ: Mapping[str, str], known: Mapping[str, Kind]) -> dict[str, str]:
    """Return the texts of the settings that are set; refuse unknown names."""
    given: dict[str, str] = {}
    for name in sorted(name for name in environ if name.startswith(PREFIX) and name != PROFILE):
        target = _target(name, known)
        if target in given:
            msg = f"both {target} and {target}{FILE_SUFFIX} are set: remove one"
            raise SettingsError(msg)
        given[target] = environ[name] if name == target else _content(name, environ[name])
    return given


def _target(name: str, known: Mapping[str, Kind]) -> str:
    """Return the setting that the variable `name` sets."""
    if name in known:
        return name
    target = name.removesuffix(FILE_SUFFIX)
    if target != name and target in known and known[target].secret:
        return target
    bare = [target.removeprefix(PREFIX) for target in known]
    nearest = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1)
    hint = f"did you mean {PREFIX}{nearest[0]}?" if nearest else "see docs/reference/settings.md"
    msg = f"unknown setting {name}: {hint}"
    raise SettingsError(msg)


def _content(name: str, path: str) -> str:
    """Return the text, without the line end, of the file that `name` points to."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"{name}: cannot read {path!r}: {type(exc).__name__}"
        raise SettingsError(msg) from exc


def _read(name: str, kind: Kind, text: str) -> Any:  # noqa: ANN401 - each setting has its own type
    try:
        return kind.read(text)
    except ValueError as exc:
        value = "" if kind.secret else f" {text!r}"
        msg = f"{name}{value}: {exc}"
        raise SettingsError(msg) from None
