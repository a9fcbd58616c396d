from __future__ import annotations

import pytest

from definitions.complaints import complaint, key_complaint, plain_complaint
from definitions.faults import FaultCode
from definitions.model import Notation, TargetType
from definitions.written import DateOrder, Written, as_said


@pytest.mark.parametrize(
    ("target", "raw", "code", "message"),
    [
        (
            "number",
            "12x",
            "not_a_number",
            "'12x' is not a number: write digits alone, without unit, currency or percent sign",
        ),
        (
            "number",
            "N/A",
            "not_a_number",
            "'N/A' is not a number: leave the cell empty, or say null_values in source.format",
        ),
        (
            "boolean",
            " NULL",
            "not_a_boolean",
            "' NULL' is not a boolean: leave the cell empty, or say null_values in source.format",
        ),
        (
            "number",
            "12,5",
            "not_a_number",
            "'12,5' is not a number: use a decimal point, or say decimal ',' in its mapping",
        ),
        (
            "number",
            "1,234",
            "ambiguous_number",
            (
                "'1,234' may have a decimal comma or a thousands mark: "
                "say decimal '.' or decimal ',' in its mapping"
            ),
        ),
        (
            "date",
            " 1/2/2024",
            "ambiguous_date",
            (
                "' 1/2/2024' is not clear, as its column does not prove which of day and month is "
                "first: say format '%d/%m/%Y' or format '%m/%d/%Y' in its mapping"
            ),
        ),
        (
            "datetime",
            "31/12/2024 1:00",
            "ambiguous_date",
            (
                "'31/12/2024 1:00' is not clear, as its column does not prove which of day and "
                "month is first: say format '%d/%m/%Y' in its mapping"
            ),
        ),
        *(
            (
                "date",
                raw,
                "not_a_date",
                f"{raw!r} is not a date, as it has a time of day or a zone: map it as datetime",
            )
            for raw in ("1/2/2024 1:00", "2024-02-01 01:00:00", "2024-02-01T00:00:00Z")
        ),
        (
            "date",
            "1/2/2024 0:00",
            "ambiguous_date",
            (
                "'1/2/2024 0:00' is not clear, as its column does not prove which of day and month "
                "is first: map it as datetime and say its format"
            ),
        ),
        (
            "date",
            "2026-02-29T00:00",
            "not_a_date",
            "'2026-02-29T00:00' is not a date: there is no day 29 in 2026-02: use 01 to 28",
        ),
        *(
            (
                "timestamp",
                raw,
                "ambiguous_date",
                (
                    f"{raw!r} may be a day as spreadsheets count them or a second of 1 January "
                    "1970: let the spreadsheet write it as 2024-01-31T10:15:00"
                ),
            )
            for raw in ("45292", "45292.50", "4.5292e4")
        ),
        *(
            (
                target,
                "45292",
                f"not_a_{target}",
                (
                    f"'45292' is not a {said}, but may be a day as spreadsheets count them: let "
                    f"the spreadsheet write it as {form}"
                ),
            )
            for target, said, form in (
                ("date", "date", "2024-01-31"),
                ("datetime", "date and time", "2024-01-31T10:15:00"),
            )
        ),
        (
            "timestamp",
            "20240131101500",
            "ambiguous_date",
            (
                "'20240131101500' may be a date and time or epoch milliseconds: "
                "say format '%Y%m%d%H%M%S' in its mapping"
            ),
        ),
        (
            "timestamp",
            "20240131.0",
            "ambiguous_date",
            "'20240131.0' may be a date or epoch seconds: say format '%Y%m%d' in its mapping",
        ),
        (
            "datetime",
            "202401311015",
            "ambiguous_date",
            (
                "'202401311015' may be a date and time or epoch seconds: "
                "say format '%Y%m%d%H%M' in its mapping"
            ),
        ),
        (
            "date",
            "20240131",
            "not_a_date",
            "'20240131' is not a date: use YYYY-MM-DD, or say format '%Y%m%d' in its mapping",
        ),
        ("date", "202401311015", "not_a_date", "'202401311015' is not a date: use YYYY-MM-DD"),
        ("boolean", "t", "not_a_boolean", "'t' is not a boolean: use true or false"),
        (
            "date",
            "2026-02-29",
            "not_a_date",
            "'2026-02-29' is not a date: there is no day 29 in 2026-02: use 01 to 28",
        ),
        (
            "datetime",
            "2026-01-01T24:30:00",
            "not_a_datetime",
            "'2026-01-01T24:30:00' is not a date and time: there is no hour 24: use 00 to 23",
        ),
        (
            "timestamp",
            "2026-13-01",
            "not_a_timestamp",
            "'2026-13-01' is not a timestamp: there is no month 13: use 01 to 12",
        ),
        (
            "date",
            "2026-02-29T10:00",
            "not_a_date",
            "'2026-02-29T10:00' is not a date: use YYYY-MM-DD",
        ),
        (
            "number",
            "1e999999999",
            "not_a_number",
            (
                "'1e999999999' is a number with an exponent of more than 3 digits: "
                "import it as a string"
            ),
        ),
        (
            "date",
            "1.2.24",
            "not_a_date",
            "'1.2.24' is not a date: use YYYY-MM-DD, or say format '%d.%m.%y' in its mapping",
        ),
        (
            "timestamp",
            "1/2/24 10:15",
            "not_a_timestamp",
            (
                "'1/2/24 10:15' is not a timestamp: use epoch seconds or ISO 8601, or say format "
                "'%d/%m/%y %H:%M' or format '%m/%d/%y %H:%M' in its mapping"
            ),
        ),
        (
            "timestamp",
            "x",
            "not_a_timestamp",
            "'x' is not a timestamp: use epoch seconds or ISO 8601",
        ),
        (
            "number",
            "1e309",
            "not_a_number",
            "'1e309' is a number that double precision does not hold: import it as a string",
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


@pytest.mark.parametrize(
    ("target", "raw", "notation", "message"),
    [
        (
            "number",
            "1.5",
            Notation(decimal=",", thousands=" "),
            "'1.5' is not a number: its column is mapped with decimal ',', thousands parted by ' '",
        ),
        (
            "number",
            "1e309",
            Notation(decimal="."),
            "'1e309' is a number that double precision does not hold: import it as a string",
        ),
        (
            "date",
            "1/2/2024",
            Notation(format="dd.MM.yyyy"),
            "'1/2/2024' is not written as '%d.%m.%Y' or as ISO 8601, as its mapping says",
        ),
        (
            "date",
            "2024-02-01 10:15",
            Notation(format="dd.MM.yyyy"),
            (
                "'2024-02-01 10:15' is not a date, as it has a time of day or a zone: "
                "map it as datetime"
            ),
        ),
        (
            "date",
            "2024-01-31 10:15:00",  # what a workbook holds as a moment
            Notation(format="%Y-%d-%m"),
            (
                "'2024-01-31 10:15:00' is not a date, as it has a time of day or a zone: "
                "map it as datetime"
            ),
        ),
        (
            "date",
            "2024-13-13",
            Notation(format="%Y-%d-%m"),
            (
                "'2024-13-13' is read as '%Y-%d-%m', as its mapping says: "
                "there is no month 13: use 01 to 12"
            ),
        ),
        ("list", "[1", Notation(separator="|"), "'[1' is not a list: use a JSON array, or '|'"),
    ],
)
def test_a_complaint_repeats_what_the_mapping_says(
    target: str, raw: str, notation: Notation, message: str
) -> None:
    code, text = complaint(TargetType(target), raw, as_said(notation))
    assert (code, text) == (f"not_a_{target}", message)


def test_in_a_column_of_a_known_order_a_date_is_no_longer_unclear() -> None:
    code, _ = complaint(TargetType.DATE, "12/31/2024", Written(dates=DateOrder.DAY_FIRST))
    assert code is FaultCode.NOT_A_DATE


def test_a_fixed_value_is_told_nothing_about_columns() -> None:
    assert plain_complaint(TargetType.NUMBER, "1,5") == (
        FaultCode.NOT_A_NUMBER,
        "'1,5' is not a number: use a decimal point",
    )


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
