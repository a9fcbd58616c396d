from __future__ import annotations

import pytest
import sqlalchemy as sa

from definitions.faults import FaultCode
from destinations.tables import run_faults
from importmgr.store.faults import FaultCount, FaultStore, Wanted
from importmgr.store.transactions import writing
from tests.stores import Stores

ALL = Wanted()
PRICE = ("price", FaultCode.NOT_A_NUMBER)
SINCE = ("since", FaultCode.NOT_A_DATE)
ROW = (None, FaultCode.TOO_MANY_FIELDS)


@pytest.fixture
def run_id(stores: Stores) -> str:
    """A run with the faults price, since, price, row, price, in rows 1 to 5."""
    definition = stores.definition()
    run, other = (stores.queue(definition).id for _ in range(2))
    rows = [
        {
            "run_id": one,
            "number": number,
            "file": "p.csv",
            "row": number,
            "line": number + 1,
            "column": column,
            "value": "abc",
            "code": code,
            "message": "…",
            "rejects_row": column is None,
        }
        for one in (run, other)
        for number, (column, code) in enumerate((PRICE, SINCE, PRICE, ROW, PRICE), 1)
    ]
    with writing(stores.engine) as transaction:
        transaction.execute(sa.insert(run_faults), rows[::-1])
    return run


@pytest.mark.parametrize(
    ("wanted", "page", "found"),
    [
        (ALL, (2, 0), ([1, 2], 5)),
        (ALL, (10, 3), ([4, 5], 5)),
        (Wanted(column="price"), (2, 1), ([3, 5], 3)),
        (Wanted(code="not_a_date"), (9, 0), ([2], 1)),
        (Wanted(column="price", code="not_a_date"), (9, 0), ([], 0)),
        (Wanted(column="no such"), (9, 0), ([], 0)),
    ],
)
def test_faults_come_in_file_order_page_by_page(
    stores: Stores, run_id: str, wanted: Wanted, page: tuple[int, int], found: tuple[list[int], int]
) -> None:
    faults, total = FaultStore(stores.engine).list(run_id, wanted, *page)

    assert ([fault.row for fault in faults], total) == found


def test_faults_are_counted_by_kind_most_first(stores: Stores, run_id: str) -> None:
    counts = FaultStore(stores.engine).counts(run_id)

    assert counts == [
        FaultCount(code="not_a_number", column="price", count=3),
        FaultCount(code="not_a_date", column="since", count=1),
        FaultCount(code="too_many_fields", column=None, count=1),
    ]
