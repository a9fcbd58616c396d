from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from definitions.faults import SHOWN_BYTES, Fault, FaultCode, cut, shown_row


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


@pytest.mark.parametrize("letter", ["x", "ž", "€", "😀"])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_the_text_of_a_row_is_cut_at_200_bytes_between_characters(letter: str, before: str) -> None:
    text = before + letter * 1_000

    shown = shown_row(text.encode())

    assert text.startswith(shown)
    assert shown == cut(text)
    assert SHOWN_BYTES - len(letter.encode()) < len(shown.encode()) <= SHOWN_BYTES == 200


def test_a_row_is_shown_without_its_line_end_and_bytes_that_are_no_text() -> None:
    assert shown_row(b"a,\xff,b\r\n") == "a,\ufffd,b"
    assert shown_row(b"x" * 200 + b"\r\n") == "x" * 200
    assert len(shown_row(b"\xff" * 200).encode()) == 198
    assert cut("\ud83d,b") == "?,b"
