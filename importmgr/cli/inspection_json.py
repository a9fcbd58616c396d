"""What was seen in a file, for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from definitions.faults import Fault
    from definitions.profile import ColumnProfile, Range
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
        "columns": [_column(column) for column in seen.columns],
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


def _column(column: ColumnProfile) -> dict[str, Any]:
    return {
        "position": column.position,
        "name": column.name,
        "rows": column.rows,
        "filled": column.filled,
        "fill": share_of(column.filled, column.rows),
        "distinct": column.distinct,
        "distinct_over": column.most_distinct if column.distinct is None else None,
        "types": [
            {"type": str(kind), "cells": cells, "share": share_of(cells, column.filled)}
            for kind, cells in column.types.items()
        ],
        "suggested_type": str(column.suggested),
        "numbers": _range(column.numbers),
        "times": _range(column.times),
        "leading_zeros": column.leading_zeros,
        "day_and_month": column.day_and_month,
        "date_order": None if column.date_order is None else str(column.date_order),
        "outer_spaces": column.padded,
        "nul": column.nul,
        "longest": column.longest,
        "samples": list(column.samples),
    }


def share_of(part: int, whole: int) -> float:
    """Return a part as a share of the whole, to six digits; 1 only if it is all."""
    share = round(part / whole, 6) if whole else 0.0
    return share if part == whole else min(share, 0.999999)


def _range(found: Range | None) -> dict[str, str] | None:
    return None if found is None else {"lowest": found.lowest, "highest": found.highest}


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
