from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect


def test_an_escape_that_is_the_quote_means_that_quotes_are_doubled() -> None:
    assert Dialect().doubles
    assert Dialect().escaping is None
    assert Dialect(quote=b"'", escape=b"'").doubles


def test_another_escape_takes_the_meaning_from_what_follows() -> None:
    assert not Dialect(escape=b"\\").doubles
    assert Dialect(escape=b"\\").escaping == b"\\"
    assert Dialect(quote=None, escape=b'"').escaping == b'"'
    assert Dialect(escape=None).escaping is None


@pytest.mark.parametrize(
    ("record_end", "ends"),
    [
        (RecordEnd.LF, False),
        (RecordEnd.CRLF, False),
        (RecordEnd.CR, True),
        (RecordEnd.ANY, True),
    ],
)
def test_a_lone_carriage_return_ends_a_record_under_two_of_four(
    record_end: RecordEnd, ends: bool
) -> None:
    assert Dialect(record_end=record_end).returns_end == ends


@pytest.mark.parametrize(
    ("delimiter", "short"), [(",", True), ("\t", True), ("||", False), ("§", False)]
)
def test_a_delimiter_is_short_if_it_is_one_ascii_character(delimiter: str, short: bool) -> None:
    assert Dialect(delimiter=delimiter.encode()).has_short_delimiter == short


def test_dialects_that_are_alike_have_the_same_hash() -> None:
    assert hash(Dialect(escape=b"\\")) == hash(replace(Dialect(), escape=b"\\"))
    assert hash(Dialect(escape=b"\\")) != hash(Dialect())
    assert {Dialect(): 1}[Dialect()] == 1
