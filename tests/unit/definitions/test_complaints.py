from __future__ import annotations

import pytest

from definitions.complaints import complaint, key_complaint
from definitions.faults import FaultCode
from definitions.model import TargetType


@pytest.mark.parametrize(
    ("target", "raw", "code", "message"),
    [
        ("number", "12,5", "not_a_number", "'12,5' is not a number: use a decimal point"),
        ("boolean", "t", "not_a_boolean", "'t' is not a boolean: use true or false"),
        ("date", "1.2.24", "not_a_date", "'1.2.24' is not a date: use YYYY-MM-DD"),
        (
            "timestamp",
            "x",
            "not_a_timestamp",
            "'x' is not a timestamp: use epoch seconds or ISO 8601",
        ),
        ("list", "[1", "not_a_list", "'[1' is not a list: use a JSON array, or commas"),
        ("url", "x.cz", "not_a_url", "'x.cz' is not a web address: begin with http or https"),
        ("string", "a\0", "nul_character", "'a\\x00' holds a NUL character: remove it"),
        ("number", "1\0", "nul_character", "'1\\x00' holds a NUL character: remove it"),
        ("json", '"\\u0000"', "nul_character", "'\"\\\\u0000\"' holds a NUL character: remove it"),
        (
            "json",
            '"\\\\u0000',
            "not_json",
            "'\"\\\\\\\\u0000' is not JSON, or nested deeper than 200 levels",
        ),
    ],
)
def test_a_complaint_shows_the_value_and_says_what_to_do(
    target: str, raw: str, code: str, message: str
) -> None:
    assert complaint(TargetType(target), raw) == (FaultCode(code), message)


@pytest.mark.parametrize("target", TargetType)
def test_every_type_has_a_complaint_in_one_sentence_with_a_remedy(target: TargetType) -> None:
    _, message = complaint(target, "?")
    assert message.startswith("'?' ")
    assert not message.endswith(".")


def test_a_complaint_shows_the_beginning_of_a_long_value() -> None:
    _, message = complaint(TargetType.NUMBER, "x" * 1000)
    assert message.startswith(f"'{'x' * 200}' ")


def test_a_key_that_is_too_long_is_told_from_one_with_a_nul_character() -> None:
    assert key_complaint("k" * 600)[0] is FaultCode.KEY_TOO_LONG
    assert key_complaint("k\0")[0] is FaultCode.NUL_CHARACTER
