from __future__ import annotations

from typing import Any

import pytest

from definitions.faults import FaultCode
from sources.formats.json.mending import mended_record
from sources.formats.json.record import NotARecordError, read_record, read_row
from sources.gathering import Problem


def mended(text: bytes, *names: str) -> tuple[dict[str, Any], str] | None:
    with pytest.raises(NotARecordError) as caught:
        _ = read_row(text, names) if names else read_record(text)
    found = mended_record(text, caught.value.problem, names)
    return None if found is None else (found[0], found[1].message)


def test_a_record_as_scripts_write_it_is_read_and_told() -> None:
    reason = "is no JSON: expecting property name enclosed in double quotes at character 2"
    assert mended(b"{'a': 1}") == ({"a": 1}, f"{reason}; it is read as scripts write such")


def test_a_row_of_another_length_is_fitted_to_the_names() -> None:
    assert mended(b"[1]", "a", "b") == (
        {"a": 1},
        "expected 2 fields, found 1; the missing cells are empty",
    )
    assert mended(b"[1,2,3]", "a", "b") == (
        {"a": 1, "b": 2},
        "expected 2 fields, found 3; the surplus ones are left out",
    )


def test_several_kinds_of_problems_are_mended_one_after_the_other() -> None:
    found = mended(b"['\xff']", "a", "b")
    assert found is not None
    assert found[0] == {"a": "\ufffd"}


@pytest.mark.parametrize("text", [b"null", b'{"a": "C:\\dir"}', b'{"a": 1} {"b": 2}'])
def test_what_nobody_can_read_is_none(text: bytes) -> None:
    assert mended(text) is None


def test_the_code_stays_that_of_the_first_problem() -> None:
    with pytest.raises(NotARecordError) as caught:
        read_record(b"{a:1}")
    found = mended_record(b"{a:1}", caught.value.problem, ())
    assert found is not None
    assert found[1].code is FaultCode.BROKEN_RECORD


def test_what_is_no_array_is_fitted_to_no_names() -> None:
    problem = Problem(code=FaultCode.TOO_FEW_FIELDS, message="expected 2 fields, found 1")
    assert mended_record(b'{"a": 1}', problem, ("a", "b")) is None
