"""Examples of dry runs, for the documentation."""

from __future__ import annotations

from typing import Any

from importmgr.api.dialects.bloomreach.examples import OTHER_ID, RUN
from importmgr.api.dialects.bloomreach.schemas.parts import ID

DRY_RUN_STARTED = {"success": True, "run_id": OTHER_ID}
DRY_RUN: dict[str, Any] = {
    "success": True,
    "dry_run": {
        **RUN,
        "trigger": "dry_run",
        "errors": [],
        "import_id": ID,
        "report": {
            "samples": {
                "created": [],
                "updated": [
                    {
                        "row": 1,
                        "keys": {"item_id": "4711"},
                        "before": {"title": "Shirt"},
                        "after": {"title": "Blue shirt"},
                    }
                ],
                "unchanged": [],
                "skipped": [],
                "rejected": [
                    {
                        "file": "p-2.csv",
                        "row": 2,
                        "line": 3,
                        "code": "missing_key",
                        "column": "item_id",
                        "message": "the row has no item id: fill 'item_id'",
                        "text": ",Hat",
                    }
                ],
            },
            "faults": RUN["errors"],
            "fault_counts": [{"code": "missing_key", "column": "item_id", "count": 1}],
            "files": [{"file": "p-2.csv", "read_as": {"encoding": "utf-8"}, "columns": []}],
            "brakes": [
                {
                    "brake": "max_rejected",
                    "action": "pause",
                    "text": "1 of 2 rows rejected, more than 0",
                }
            ],
            "warnings": [],
        },
    },
}
