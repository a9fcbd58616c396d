"""Killing an executor at random moments changes nothing in the end, whatever it reads.

The long form (`make chaos`) kills more often, 3,000,000 rows in the usual batches.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import polars as pl
import pytest

from sources.registry import FORMATS
from tests.file_server import FileServer
from tests.killing import ALL, Load, Watch, definition, final_data, final_sums
from tests.workbooks import written as workbook

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(400)]

COLUMNS = ("mail", "amount", "note")
PROPERTIES = {"amount": "number", "note": "string"}
Rows: TypeAlias = Iterator[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A way to write rows as a file, and the format that reads it."""

    type: str
    write: Callable[[Rows], bytes]
    most: int = 3_000_000  # rows that such a file can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is loaded in which batches, how often its executor is killed, how soon at most."""

    kills: int
    rows: int
    settings: Mapping[str, str]
    pause: float
    patience: float


Make: TypeAlias = Callable[[str, Size], Load]
SHORT = Size(
    kills=4, rows=2000, settings={"IMPORTMGR_BATCH_BYTES": "2KiB"}, pause=0.02, patience=60
)
LONG = Size(kills=10, rows=3_000_000, settings={}, pause=1.0, patience=900)


def _csv(rows: Rows) -> bytes:
    """Every hundredth row has a field too many."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows((*row, "more") if n % 100 == 0 else row for n, row in enumerate(rows))
    return out.getvalue().encode()


def _utf_16(rows: Rows) -> bytes:
    return _csv(rows).decode().encode("utf-16")


def _json(rows: Rows) -> bytes:
    """One row of a hundred is no object."""
    records = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    texts = ("17" if n % 100 == 50 else json.dumps(each) for n, each in enumerate(records))
    return ("[" + ",\n".join(texts) + "]").encode()


def _parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(list(rows), schema=COLUMNS, orient="row").write_parquet(out)
    return out.getvalue()


def _xml(rows: Rows) -> bytes:
    root = ET.Element("purchases")
    for row in rows:
        record = ET.SubElement(root, "purchase")
        for name, cell in zip(COLUMNS, row, strict=True):
            ET.SubElement(record, name).text = cell
    return bytes(ET.tostring(root))


def _xlsx(rows: Rows) -> bytes:
    """Every hundredth row has a field too many."""
    some = [(*row, "more") if n % 100 == 0 else row for n, row in enumerate(rows)]
    return workbook({"Purchases": [COLUMNS, *some]})


WRITTEN = {
    "csv": Written(type="csv", write=_csv),
    "csv in utf-16 and gzip": Written(type="csv", write=lambda rows: gzip.compress(_utf_16(rows))),
    "json": Written(type="json", write=_json),
    "parquet": Written(type="parquet", write=_parquet),
    "xml": Written(type="xml", write=_xml),
    "xlsx": Written(type="xlsx", write=_xlsx, most=1_000_000),
}
# Reading and resuming know no database: the short form takes every second format on each.
TURNS = [
    *((name, "sqlite") for name in list(WRITTEN)[::2]),
    *(pytest.param(name, "postgresql", marks=pytest.mark.postgres) for name in list(WRITTEN)[1::2]),
]


def purchases(count: int) -> Rows:
    """Events without a time of their own, so that only (run, row) tells them apart; some bad."""
    chance = random.Random(7)
    for number in range(count):
        amount = "much" if number % 500 == 7 else f"{number % 997}.5"
        yield f"buyer{chance.randrange(500)}@example.com", amount, f'"Ä", {number}'


class Kills:
    """Chooses the moments at which executors are killed; `left` are still to come."""

    def __init__(self, chance: random.Random, count: int) -> None:
        self._chance, self.left = chance, count

    def one(self, of: Load, watch: Watch, size: Size) -> None:
        """Start an executor and kill it; it counts if the run was not over by then."""
        with of.executor():
            if self._chance.random() < 0.8:  # else perhaps before its first batch
                watch.wait(watch().batches + 1, size.patience)
            time.sleep(self._chance.uniform(0, size.pause))
        self.left -= not watch().ended


def load(url: str, of: Load, size: Size, kills: Kills | None = None) -> None:
    """Load a file, killing one executor after the other as long as kills are left."""
    mail = [{"from_column": "mail", "to_id": "email"}]
    of.create(definition(url, {"event_destination": {"event_type": "buy"}}, mail, PROPERTIES))
    with closing(of.watch()) as watch:
        while kills is not None and kills.left and not watch().ended:
            kills.one(of, watch, size)
        with of.executor():
            assert watch.wait(ALL, size.patience).state == "completed"


def load_with_kills(url: str, size: Size, make: Make, chance: random.Random) -> list[Load]:
    """Return the load of a file that nothing disturbed, and those under all kills.

    On a busy machine a load may be over before every kill came; then there is one more.
    """
    kills = Kills(chance, size.kills)
    loads = [make("calm", size)]
    load(url, loads[0], size)
    while kills.left:
        loads.append(make(f"wild {len(loads)}", size))
        load(url, loads[-1], size, kills)
    return loads


@pytest.fixture
def make(new_database: Callable[[str], str], tmp_path: Path) -> Make:
    """What makes a load in a database and a folder of its own."""
    return lambda name, size: Load(new_database(name), tmp_path / name, size.settings)


@pytest.fixture
def chance() -> random.Random:
    """What chooses the moments of kills; the seed is shown when a test fails."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    return random.Random(seed)


def test_every_format_is_killed_here() -> None:
    assert {written.type for written in WRITTEN.values()} == set(FORMATS)


@pytest.mark.parametrize(("name", "new_database"), TURNS, indirect=["new_database"])
def test_kills_change_nothing_in_the_end(
    name: str, make: Make, file_server: FileServer, chance: random.Random
) -> None:
    url = file_server.put("/purchases", WRITTEN[name].write(purchases(SHORT.rows)))

    calm, *wild = load_with_kills(url, SHORT, make, chance)

    expected = final_data(calm.url)
    for disturbed in wild:
        assert final_data(disturbed.url) == expected


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", WRITTEN)
def test_kills_change_nothing_of_three_million_rows(
    name: str, make: Make, file_server: FileServer, chance: random.Random
) -> None:
    written = WRITTEN[name]
    rows = purchases(min(LONG.rows, written.most))
    url = file_server.put("/purchases", written.write(rows))

    calm, *wild = load_with_kills(url, LONG, make, chance)

    expected = final_sums(calm.url)
    for disturbed in wild:
        assert final_sums(disturbed.url) == expected
