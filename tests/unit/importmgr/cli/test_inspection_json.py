from __future__ import annotations

import json

from definitions.schema import normalise
from importmgr.cli.inspection_json import document, failed
from tests.acceptance.documents import people
from tests.inspections import inspection

SEEN = inspection({"id": ["007", "8"], "since": ["2024-02-01", " "]}, faults=1)


def test_everything_that_was_seen_is_told() -> None:
    told = document(SEEN)

    assert {name: told[name] for name in ("file", "size", "format", "evidence")} == {
        "file": "people.csv",
        "size": 1234,
        "format": "csv",
        "evidence": {"line_end": "lf", "delimiter": "\t"},
    }
    assert (told["header"], told["named"]) == (["id", "since"], True)
    assert (told["rows_read"], told["whole_file"], told["fault_count"]) == (2, True, 1)
    assert told["rows"] == [
        {"row": 1, "line": 2, "cells": ["007", "2024-02-01"]},
        {"row": 2, "line": 3, "cells": ["8", " "]},
    ]
    assert told["faults"] == [
        {
            "row": 1,
            "line": 2,
            "column": None,
            "value": "1,a,b\x1b[2J",
            "code": "too_many_fields",
            "message": "expected 2 fields, found 3",
            "row_rejected": False,
        }
    ]
    assert json.loads(json.dumps(told)) == told


def test_a_column_is_told_with_its_profile() -> None:
    number, since = document(SEEN)["columns"]

    assert since == {
        "position": 2,
        "name": "since",
        "rows": 2,
        "filled": 1,
        "fill": 0.5,
        "distinct": 1,
        "distinct_over": None,
        "types": [
            {"type": "date", "cells": 1, "share": 1.0},
            {"type": "datetime", "cells": 1, "share": 1.0},
            {"type": "timestamp", "cells": 1, "share": 1.0},
            {"type": "string", "cells": 1, "share": 1.0},
        ],
        "suggested_type": "date",
        "numbers": None,
        "times": {"lowest": "2024-02-01", "highest": "2024-02-01"},
        "leading_zeros": 0,
        "plus_signs": 0,
        "day_and_month": 0,
        "date_order": None,
        "outer_spaces": 0,
        "nul": 0,
        "longest": 10,
        "samples": ["2024-02-01"],
    }
    assert (number["suggested_type"], number["leading_zeros"]) == ("string", 1)
    assert number["numbers"] == {"lowest": "007", "highest": "8"}


def test_columns_say_why_they_have_no_number_of_distinct_cells() -> None:
    (column,) = document(inspection({"id": [str(n) for n in range(10_001)]}))["columns"]

    assert (column["distinct"], column["distinct_over"]) == (None, 10_000)


def test_the_suggested_mapping_fits_into_a_definition() -> None:
    definition = people()
    columns = definition["mapping"]["column_mapping"]
    columns["property_mappings"] = document(SEEN)["suggested_mapping"]["property_mappings"]
    normal = normalise(definition)["mapping"]["column_mapping"]["property_mappings"]

    assert [(each["from_column"], each["to_column"], each["target_type"]) for each in normal] == [
        ("id", "id", "string"),
        ("since", "since", "date"),
    ]


def test_a_file_that_cannot_be_read_is_told_too() -> None:
    assert failed("a.csv", "is a folder") == {"file": "a.csv", "error": "is a folder"}
