"""What was seen in a file, for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from definitions.profile_document import column_document

if TYPE_CHECKING:
    from definitions.faults import Fault
    from definitions.profile import ColumnProfile
    from importmgr.services.inspection import Inspection


def document(seen: Inspection) -> dict[str, Any]:
    """Return everything that was seen, under names that stay."""
    return {
        "file": seen.name,
        "size": seen.size,
        "format": seen.format,
        "evidence": dict(seen.evidence),
        "header": list(seen.header),
        "named": seen.named,
        "rows_read": seen.rows_read,
        "whole_file": seen.is_whole,
        "columns": [column_document(column) for column in seen.columns],
        "rows": [{"row": r.row, "line": r.line, "cells": list(r.cells)} for r in seen.rows],
        "fault_count": seen.fault_count,
        "faults": [_fault(fault) for fault in seen.faults],
        "suggested_mapping": {
            "property_mappings": [_mapping(column) for column in seen.columns],
        },
    }


def failed(name: str, error: str) -> dict[str, Any]:
    """Return what stands for a file that could not be read."""
    return {"file": name, "error": error}


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "line": fault.line,
        "column": fault.column,
        "value": fault.value,
        "code": str(fault.code),
        "message": fault.message,
        "row_rejected": fault.rejects_row,
    }


def _mapping(column: ColumnProfile) -> dict[str, str]:
    return {
        "from_column": column.name,
        "to_column": column.name,
        "target_type": str(column.suggested),
    }
