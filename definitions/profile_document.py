"""What is in a column, as JSON: one form for whoever looks at a file or at a dry run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from definitions.profile import ColumnProfile, Range


def column_document(column: ColumnProfile) -> dict[str, Any]:
    """Return the profile of a column as `docs/reference/cli.md` tells it."""
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
        "plus_signs": column.plus_signs,
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
