from __future__ import annotations

import pytest
from marshmallow import ValidationError

from definitions.rejects import RejectedFile
from importmgr.api.dialects.bloomreach.schemas.rejects import RejectsQuery, render_file
from importmgr.services.rejects import Form
from importmgr.store.rejects import KeptFile

FILE = RejectedFile(name="f.csv", number=3, identity=None, header=("a",), form=None, styles={})


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ({}, {"as_": Form.ORIGINAL, "file": None}),
        ({"as": "spreadsheet", "file": "2"}, {"as_": Form.SPREADSHEET, "file": 2}),
    ],
)
def test_without_a_word_rows_come_as_they_stand(
    query: dict[str, str], meant: dict[str, object]
) -> None:
    assert RejectsQuery().load(query) == meant


@pytest.mark.parametrize("query", [{"as": "xml"}, {"file": "0"}, {"file": "x"}])
def test_what_is_none_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        RejectsQuery().load(query)


def test_a_file_is_told_with_how_many_of_its_rows_wait() -> None:
    kept = KeptFile(part=2, file=FILE, rejected=9, kept=5, repaired=2, discarded=1)

    assert render_file(kept, masked=True) == {
        "file": 2,
        "name": "f.csv",
        "rejected": 9,
        "kept": 5,
        "repaired": 2,
        "discarded": 1,
        "open": 2,
        "masked": True,
    }
