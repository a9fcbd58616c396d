"""Every table with every pollution, as files in a folder, and a list of them for the parties."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.polluted.catalogue import CLASSES, Pollution
from benchmarks.polluted.sheets import Sheet, Table, UnfitError, Way

LIST = "files.json"
MANY_ROWS = 100
QUICK = frozenset({"people", "products", "german", "staff", "numbers", "prices", "gaps", "years"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file: which table with which pollution of which class, and what is to be read in it."""

    name: str
    base: str
    kind: str
    pollution: str
    is_arguable: bool
    sheet: Sheet


def cases(tables: Mapping[str, Table]) -> Iterator[Case]:
    """Yield every table with every pollution that it can have; a long one only without any."""
    for base, table in tables.items():
        sheet = Sheet.of(table, Way(delimiter=table.delimiter))
        for kind, pollutions in CLASSES.items():
            if kind != "nothing" and len(table.rows) > MANY_ROWS:
                continue
            for pollution in pollutions:
                polluted = _polluted(sheet, pollution)
                if polluted is not None:
                    yield Case(
                        name=f"{base}, {pollution.name}",
                        base=base,
                        kind=kind,
                        pollution=pollution.name,
                        is_arguable=pollution.is_arguable_for(table),
                        sheet=polluted,
                    )


def write(some: list[Case], folder: Path) -> None:
    """Write the files and a list of them, with what somebody would say of each."""
    told = []
    for number, case in enumerate(some):
        file = f"{number:05}.csv"
        (folder / file).write_bytes(case.sheet.data)
        told.append({"name": case.name, "file": file, "options": case.sheet.options})
    (folder / LIST).write_text(json.dumps(told), encoding="utf-8")


def _polluted(sheet: Sheet, pollution: Pollution) -> Sheet | None:
    """Return a sheet polluted; None where it stays as it is or would become another table."""
    if sheet.table.width < pollution.least:
        return None
    try:
        polluted = pollution.change(sheet)
        is_other = polluted.data != sheet.data or polluted is sheet
    except UnfitError:
        return None
    return polluted if is_other else None
