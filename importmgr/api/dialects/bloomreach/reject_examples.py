"""Examples of rejected rows and their repairs, for the documentation."""

from __future__ import annotations

from importmgr.api.dialects.bloomreach.examples import OTHER_ID
from importmgr.api.dialects.bloomreach.schemas.parts import ID

REJECTS = "_line,_row,_error_code,_error_column,_error,item_id,title\r\n"
REPAIR_STARTED = {"success": True, "import_id": ID, "run_id": OTHER_ID, "repairs": ID}
REPAIRS = {
    "success": True,
    "repairs": [
        {
            "run_id": OTHER_ID,
            "status": "completed",
            "file": 1,
            "asked_by": ID,
            "created": 1767225600.5,
            "finished": 1767225601.5,
            "size": 170,
            "sha256": "0" * 64,
            "rows_processed": 1,
            "rows_loaded": 1,
            "rows_failed": 0,
            "rows_untouched": 0,
            "rows_skipped": 0,
            "rows_discarded": 0,
            "error": None,
        }
    ],
}
REJECT_FILES = {
    "success": True,
    "files": [
        {
            "file": 1,
            "name": "p-2.csv",
            "rejected": 1,
            "kept": 1,
            "repaired": 0,
            "discarded": 0,
            "open": 1,
            "masked": False,
        }
    ],
}
