"""What is said about a cell that cannot be used: a code for machines, a text with a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from definitions.conversion import LONGEST_KEY
from definitions.faults import FaultCode
from definitions.jsonchecks import holds_nul_escape
from definitions.model import TargetType

LONGEST_VALUE = 200

_NUL = (FaultCode.NUL_CHARACTER, "holds a NUL character: remove it")
_KEY_TOO_LONG = (
    FaultCode.KEY_TOO_LONG,
    f"is longer than {LONGEST_KEY} bytes: use a shorter key",
)
_COMPLAINTS: Mapping[TargetType, tuple[FaultCode, str]] = MappingProxyType(
    {
        TargetType.STRING: _NUL,
        TargetType.LONG_TEXT: _NUL,
        TargetType.NUMBER: (FaultCode.NOT_A_NUMBER, "is not a number: use a decimal point"),
        TargetType.BOOLEAN: (FaultCode.NOT_A_BOOLEAN, "is not a boolean: use true or false"),
        TargetType.DATE: (FaultCode.NOT_A_DATE, "is not a date: use YYYY-MM-DD"),
        TargetType.DATETIME: (
            FaultCode.NOT_A_DATETIME,
            "is not a date and time: use ISO 8601, such as 2024-01-31T10:15:00",
        ),
        TargetType.TIMESTAMP: (
            FaultCode.NOT_A_TIMESTAMP,
            "is not a timestamp: use epoch seconds or ISO 8601",
        ),
        TargetType.LIST: (FaultCode.NOT_A_LIST, "is not a list: use a JSON array, or commas"),
        TargetType.JSON: (FaultCode.NOT_JSON, "is not JSON, or nested deeper than 200 levels"),
        TargetType.URL: (FaultCode.NOT_A_URL, "is not a web address: begin with http or https"),
    }
)
_JSON_LIKE = frozenset({TargetType.LIST, TargetType.JSON})


def complaint(target: TargetType, raw: str) -> tuple[FaultCode, str]:
    """Return why a cell that could not become `target` was left out, and what to do."""
    has_nul = "\0" in raw or (target in _JSON_LIKE and holds_nul_escape(raw))
    return _about(raw, *(_NUL if has_nul else _COMPLAINTS[target]))


def key_complaint(raw: str) -> tuple[FaultCode, str]:
    """Return why a cell could not be a key, and what to do."""
    return _about(raw, *(_NUL if "\0" in raw else _KEY_TOO_LONG))


def _about(raw: str, code: FaultCode, text: str) -> tuple[FaultCode, str]:
    return code, f"{raw[:LONGEST_VALUE]!r} {text}"
