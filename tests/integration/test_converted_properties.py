"""What the mapping writes is taken by the databases, however hostile the cells were."""

from __future__ import annotations

from random import Random
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa

from definitions.conversion import as_property
from definitions.jsontext import Member, json_object
from definitions.model import TargetType
from tests.engines import open_engine
from tests.unit.definitions.cells import cell as drawn_cell

EXTREMES = [
    *("9" * 308, "-1e-999", "1e308", "0." + "9" * 398, "[1e-20000]", "[0." + "0" * 20_000 + "1]"),
    *("[" * 200 + "]" * 200, '["\ud7ff\uffff\U0010ffff"]', "1e-999", '{"a":1,"a":2}', "\x01\x7f"),
]
READS = {"sqlite": "SELECT json(:text)", "postgresql": "SELECT CAST(:text AS jsonb)::text"}


def test_every_converted_cell_is_json_to_the_database(empty_database_url: str) -> None:
    random = Random("properties")
    cells = pl.Series(EXTREMES + [drawn_cell(random) for _ in range(400)])
    utc = ZoneInfo("UTC")
    columns = pl.DataFrame({str(kind): as_property(kind, utc).values(cells) for kind in TargetType})
    objects = columns.select(json_object({name: Member(pl.col(name)) for name in columns.columns}))
    with open_engine(empty_database_url) as engine, engine.connect() as connection:
        read = sa.text(READS[engine.dialect.name])
        for text in objects.to_series():
            assert connection.execute(read, {"text": text}).scalar_one().startswith("{")
