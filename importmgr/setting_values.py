"""The kinds of settings: how the text of one becomes a value, and how the value is shown.

Each reader raises `ValueError` with the remedy.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
HIDDEN = "***"

_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True} | {
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}
_SIZE = re.compile(r"(\d{1,18}) ?(B|KiB|MiB|GiB|TiB)?", re.ASCII)
_FACTORS = {None: 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40}
_MAX_PORT = 65_535


class SmtpTls(StrEnum):
    """How the way to the mail server is kept secret."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def smtp_tls(value: str) -> SmtpTls:
    """Return how the way to the mail server is kept secret."""
    try:
        return SmtpTls(value.strip().lower())
    except ValueError:
        msg = "must be starttls, tls or none"
        raise ValueError(msg) from None


class Role(StrEnum):
    """What a process of the service does; any number of processes may have a role."""

    API = "api"  # answers requests
    TICKER = "ticker"  # fires what is due, looks for new files, takes runs from the dead
    EXECUTOR = "executor"  # works off runs


EVERY_ROLE = tuple(Role)
ALL = "all"


def text(value: str) -> str:
    """Return the text, which must not be empty."""
    if not value.strip():
        msg = "must not be empty"
        raise ValueError(msg)
    return value.strip()


def optional_text(value: str) -> str | None:
    """Return the text, or None for an empty one."""
    return value.strip() or None


def folder(value: str) -> Path:
    """Return the path, `~` expanded."""
    return Path(text(value)).expanduser()


def folders(value: str) -> tuple[Path, ...]:
    """Return the absolute paths of a comma-separated list."""
    found = tuple(folder(part) for part in value.split(",") if part.strip())
    if not all(path.is_absolute() for path in found):
        msg = "must be absolute paths such as /srv/imports, separated by commas"
        raise ValueError(msg)
    return found


def database_url(value: str) -> str:
    """Return the URL of a database of a kind we know; empty means the default."""
    scheme = value.strip().partition("://")[0]
    if value.strip() and scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        msg = "must begin with sqlite:/// or postgresql://"
        raise ValueError(msg)
    return value.strip()


def boolean(value: str) -> bool:
    """Return true or false."""
    try:
        return _BOOLEANS[value.strip().lower()]
    except KeyError:
        msg = "must be true or false"
        raise ValueError(msg) from None


def count(value: str) -> int:
    """Return a whole number from 0."""
    if not value.strip().isascii() or not value.strip().isdigit():
        msg = "must be a whole number, 0 or more"
        raise ValueError(msg)
    return int(value)


def positive(value: str) -> int:
    """Return a whole number from 1."""
    number = count(value)
    if number == 0:
        msg = "must be a whole number, 1 or more"
        raise ValueError(msg)
    return number


def port(value: str) -> int:
    """Return a port number; 0 asks for a free one."""
    number = count(value)
    if number > _MAX_PORT:
        msg = f"must be a port number, 0 to {_MAX_PORT}"
        raise ValueError(msg)
    return number


def seconds(value: str) -> float:
    """Return a positive number of seconds."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        msg = "must be a number of seconds above 0"
        raise ValueError(msg)
    return number


def size(value: str) -> int:
    """Return a positive number of bytes, given as `4194304`, `4096KiB` or `4 MiB`."""
    found = _SIZE.fullmatch(value.strip())
    number = int(found[1]) << _FACTORS[found[2]] if found else 0
    if number == 0:
        msg = "must be a number of bytes above 0, such as 4194304 or 4MiB"
        raise ValueError(msg)
    return number


def networks(value: str) -> tuple[Network, ...]:
    """Return the networks of a comma-separated list."""
    parts = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return tuple(ipaddress.ip_network(part) for part in parts)
    except ValueError as exc:
        msg = f"must be networks such as 10.0.0.0/8, separated by commas ({exc})"
        raise ValueError(msg) from None


def log_level(value: str) -> Literal["debug", "info", "warning", "error"]:
    """Return the lowest level that is logged."""
    match value.strip().lower():
        case ("debug" | "info" | "warning" | "error") as level:
            return level
        case _:
            msg = "must be debug, info, warning or error"
            raise ValueError(msg)


def brake_action(value: str) -> Literal["warn", "pause", "fail"]:
    """Return what brakes do that a definition gives no action."""
    match value.strip().lower():
        case "warn" | "pause" | "fail" as action:
            return action
        case _:
            msg = "must be warn, pause or fail"
            raise ValueError(msg)


def log_format(value: str) -> Literal["text", "json"]:
    """Return how a log line is written."""
    match value.strip().lower():
        case ("text" | "json") as form:
            return form
        case _:
            msg = "must be text or json"
            raise ValueError(msg)


def roles(value: str) -> tuple[Role, ...]:
    """Return the roles of a comma-separated list, in the order in which they are declared."""
    named = {part.strip().lower() for part in value.split(",") if part.strip()}
    if not named or named - {ALL, *EVERY_ROLE}:
        msg = "must be all, or some of api, ticker and executor, separated by commas"
        raise ValueError(msg)
    return EVERY_ROLE if ALL in named else tuple(role for role in EVERY_ROLE if role in named)


def roles_text(value: tuple[Role, ...]) -> str:
    """Return roles as an operator would write them."""
    return ALL if value == EVERY_ROLE else ",".join(value)


def as_text(value: object) -> str:
    """Return a value as an operator would write it; `-` for one that is not set."""
    match value:
        case None | ():
            return "-"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case tuple():
            return ",".join(str(item) for item in value)
        case _:
            return str(value)


def size_text(number: int) -> str:
    """Return a number of bytes as an operator would write it."""
    for unit, shift in (("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if number >= 1 << shift and number % (1 << shift) == 0:
            return f"{number >> shift}{unit}"
    return str(number)


def hidden(value: object) -> str:
    """Return that a secret is set, or that it is not."""
    return "-" if value is None else HIDDEN


def masked_url(url: str) -> str:
    """Return a database URL with the password masked, wherever it stands in it."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    if ":" in login:
        login = login.partition(":")[0] + f":{HIDDEN}"
    query = HIDDEN if "password" in parts.query.lower() else parts.query
    shown = f"{parts.scheme}://{login}{at}{host}{parts.path}"
    return f"{shown}?{query}" if query else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a setting is read and shown; a secret may also come from a file."""

    read: Callable[[str], Any]
    show: Callable[[Any], str] = as_text
    secret: bool = False


Text: TypeAlias = Annotated[str, Kind(read=text)]
Folder: TypeAlias = Annotated[Path, Kind(read=folder)]
Folders: TypeAlias = Annotated[tuple[Path, ...], Kind(read=folders)]
DatabaseUrl: TypeAlias = Annotated[str, Kind(read=database_url, show=masked_url, secret=True)]
Secret: TypeAlias = Annotated[str | None, Kind(read=optional_text, show=hidden, secret=True)]
Switch: TypeAlias = Annotated[bool, Kind(read=boolean)]
Count: TypeAlias = Annotated[int, Kind(read=count)]
Positive: TypeAlias = Annotated[int, Kind(read=positive)]
Port: TypeAlias = Annotated[int, Kind(read=port)]
Seconds: TypeAlias = Annotated[float, Kind(read=seconds)]
Size: TypeAlias = Annotated[int, Kind(read=size, show=size_text)]
Networks: TypeAlias = Annotated[tuple[Network, ...], Kind(read=networks)]
LogLevel: TypeAlias = Annotated[Literal["debug", "info", "warning", "error"], Kind(read=log_level)]
LogFormat: TypeAlias = Annotated[Literal["text", "json"], Kind(read=log_format)]
Roles: TypeAlias = Annotated[tuple[Role, ...], Kind(read=roles, show=roles_text)]
DefaultBrake: TypeAlias = Annotated[Literal["warn", "pause", "fail"], Kind(read=brake_action)]
Tls: TypeAlias = Annotated[SmtpTls, Kind(read=smtp_tls)]
Word: TypeAlias = Annotated[str | None, Kind(read=optional_text)]
