"""The process that looks at a place, which is on its input, and prints how many files are there.

It lists, chooses what is meant and puts it in order, as a run does.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from definitions.model import FileSelection, FileStorageSource
from definitions.schema.integration import to_place
from sources import filestorage
from sources.guard import AddressPolicy
from sources.registry import STORAGES, load
from sources.storages.terms import StorageTerms

COMMAND = (sys.executable, "-m", "benchmarks.look")


def main() -> None:
    """Look and print."""
    asked = json.load(sys.stdin)
    terms = StorageTerms(policy=AddressPolicy(allow_private=True), now=_now)
    storage = load(STORAGES[asked["kind"]])(to_place(asked["kind"], asked["settings"]), terms)
    wanted = FileStorageSource(
        integration_id="-", parent_path=None, path="*.csv", selection=FileSelection.ALL
    )
    at = filestorage.Asked(at=_now(), zone=ZoneInfo("UTC"))
    settings = filestorage.FileStorageSettings(stable_for=0)
    with closing(filestorage.FileStorageSource(wanted, storage, at, settings)) as source:
        print(len(source.list()))


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
