from __future__ import annotations

import pytest

from definitions.reformatting import looks_alike


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x", "x"),
        (" x", "x"),
        ("true", "TRUE"),
        ("=1", "'=1"),
        ("a\r\nb", "a\nb"),
        ("caf\ufffd", "caf?"),
        ("007", "7"),
        ("+7", "7"),
        ("-0012", "-12"),
        ("1.50", "1.5"),
        ("1.5", "1,5"),
        ("100000", "1E+05"),
        ("123456789012345678", "1.23457E+17"),
        ("123456789012345678", "123456789012345000"),
        ("7", "7.00"),
        ("2024-01-05", "05.01.2024"),
        ("2024-01-05", "1/5/24"),
        ("2024-01-05 10:30:45", "05/01/2024 10:30"),
        ("10:30", "10:30:00"),
    ],
)
def test_what_a_spreadsheet_does_by_itself_is_no_change(before: str, after: str) -> None:
    assert looks_alike(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x", "y"),
        ("x", ""),
        ("", "0"),
        ("7", "007"),
        ("7", "8"),
        ("12345678901", "12345678902"),
        ("123456789012345678", "123456789012845678"),
        ("1.5", "1.51"),
        ("2024-01-05", "2024-01-06"),
        ("2024-01-05", "2024-01"),
        ("2024-01-05 10:30", "2024-01-05 10:31"),
        ("1" * 5000, "1" * 4999),
    ],
)
def test_what_a_person_does_is(before: str, after: str) -> None:
    assert not looks_alike(before, after)
