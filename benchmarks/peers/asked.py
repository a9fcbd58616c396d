"""What a peer is asked for, and how it answers."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A database (an address or, for SQLite, a path), a file, and what to do of several ways."""

    database: str
    file: Path
    way: str

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is a file."""
        return not self.database.startswith("postgresql:")

    @property
    def sqlalchemy(self) -> str:
        """Return the database's address as SQLAlchemy takes it."""
        if self.is_sqlite:
            return f"sqlite:///{self.database}"
        return self.database.replace("postgresql:", "postgresql+psycopg:")


def asked(ways: tuple[str, ...] = ("",)) -> Asked:
    """Read the command line; `ways` are the names of what a script can do, the first by itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=ways, default=ways[0])
    parser.add_argument("database")
    parser.add_argument("file", type=Path)
    return Asked(**vars(parser.parse_args()))


def answer(table: str = "items", database: str | None = None) -> None:
    """Say into which table the rows went, and in which database if not in the one asked for.

    Whoever measures counts them there.
    """
    print(json.dumps({"table": table, "database": database}))
