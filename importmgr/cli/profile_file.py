"""The file in which a person keeps where services are and with which keys to call them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from definitions.errors import NotFoundError, SettingsError

OWNER_ONLY = 0o600
OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A service, a project and a key to it."""

    url: str
    key_id: str
    secret: str = field(repr=False)
    project: str


class ProfileFile:
    """Profiles by name, in one file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        """Take where the file is, or will be."""
        self.path = path

    @classmethod
    def of_user(cls) -> ProfileFile:
        """Return the file in this user's folder for configuration."""
        return cls(Path(click.get_app_dir("importmgr")) / "profiles.json")

    def get(self, name: str) -> Profile:
        """Return one profile; raise `NotFoundError` if there is none of that name."""
        profiles = self.all()
        if name not in profiles:
            known = f"known are {', '.join(sorted(profiles))}" if profiles else "there are none yet"
            msg = f"there is no profile {name!r}: {known}; `importmgr profile save` makes one"
            raise NotFoundError(msg)
        return profiles[name]

    def all(self) -> dict[str, Profile]:
        """Return every profile; raise `SettingsError` for a file that others may read."""
        try:
            text = self._text()
            return {name: Profile(**values) for name, values in json.loads(text).items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as exc:
            msg = f"profile file {str(self.path)!r} is damaged: correct it or remove it"
            raise SettingsError(msg) from exc

    def save(self, name: str, profile: Profile) -> None:
        """Add a profile, or replace the one of that name."""
        self._write({**self.all(), name: profile})

    def remove(self, name: str) -> None:
        """Forget a profile; raise `NotFoundError` if there is none of that name."""
        self.get(name)
        self._write({known: kept for known, kept in self.all().items() if known != name})

    def _text(self) -> str:
        """Return what is in the file, unless others may read it too."""
        with self.path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & OTHERS:
                msg = (
                    f"profile file {str(self.path)!r} holds secrets and can be read by others "
                    f"(mode {mode:04o}): chmod 600 it"
                )
                raise SettingsError(msg)
            return file.read()

    def _write(self, profiles: Mapping[str, Profile]) -> None:
        """Write the file anew, whole or not at all, for its owner only."""
        documents = {name: asdict(profile) for name, profile in sorted(profiles.items())}
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(documents, file, indent=2, ensure_ascii=False)
        draft.replace(self.path)
