"""Rejected rows for tests that need a run to have some, whatever is in them."""

from __future__ import annotations

from sqlalchemy import Engine

from definitions.rejects import PLAIN_FORM, RejectedFile, RejectedRow, Rejects
from destinations.keeping import Keeping
from importmgr.store.transactions import writing
from tests.stores import NOW

FILE = RejectedFile(
    name="f.csv", number=0, identity="x", header=("mail",), form=PLAIN_FORM, styles={}
)
ROW = RejectedRow(
    row=1,
    line=2,
    code="missing_key",
    column="mail",
    message="the row has no id",
    faults=1,
    content=b",\n",
    as_cells=False,
)


def keep_a_row(engine: Engine, run_id: str) -> None:
    """Let a run have one rejected row that waits for a repair."""
    with writing(engine) as transaction:
        Keeping(NOW, 1000).keep(transaction, run_id, Rejects(file=FILE, rows=(ROW,), count=1))
