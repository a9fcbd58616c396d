from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from definitions.faults import Fault, FaultCode


@pytest.mark.parametrize("code", FaultCode)
def test_a_code_is_its_name_in_lower_case(code: FaultCode) -> None:
    assert code.value == code.name.lower()


def test_a_fault_cannot_be_changed() -> None:
    fault = Fault(
        file="people.csv",
        row=3,
        line=5,
        column="age",
        value="x",
        code=FaultCode.NOT_A_NUMBER,
        message="is not a number",
        rejects_row=False,
    )

    with pytest.raises(FrozenInstanceError):
        fault.row = 4  # type: ignore[misc]
