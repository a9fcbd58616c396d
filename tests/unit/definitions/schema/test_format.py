from __future__ import annotations

from typing import Any

import pytest

from definitions.errors import InvalidError
from definitions.model import FileFormat, MalformedRows, RecordEnd
from definitions.schema import normalise, to_definition
from tests.acceptance.documents import changed, people

EVERYTHING: dict[str, Any] = {
    "type": "csv",
    "encoding": "cp1250",
    "delimiter": "||",
    "quote": "'",
    "escape": "\\",
    "record_end": "any",
    "remark": "--",
    "header_rows": 2,
    "skip_rows": 3,
    "footer_rows": 1,
    "column_names": ["mail", "name"],
    "null_values": ["NULL", "\\N"],
    "malformed_rows": "pad",
    "member": "*.csv",
    "records": "data.items",
    "sheet": "2026",
}


def document(form: object) -> dict[str, Any]:
    return changed(people(), "source.format", form)


def problems(**form: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidError) as caught:
        normalise(document(form))
    return {path: list(texts) for path, texts in caught.value.problems.items()}


def test_without_a_format_everything_is_found_out() -> None:
    assert to_definition(normalise(people())).source.format == FileFormat()


def test_a_null_format_and_null_members_are_found_out_too() -> None:
    nothing = document(dict.fromkeys(EVERYTHING))

    assert to_definition(normalise(document(None))).source.format == FileFormat()
    assert to_definition(normalise(nothing)).source.format == FileFormat()


def test_every_member_reaches_the_model() -> None:
    made = to_definition(normalise(document(EVERYTHING))).source.format

    assert made == FileFormat(
        **EVERYTHING
        | {
            "record_end": RecordEnd.ANY,
            "malformed_rows": MalformedRows.PAD,
            "column_names": ("mail", "name"),
            "null_values": ("NULL", "\\N"),
        }
    )


def test_a_document_keeps_its_format_as_it_was_sent() -> None:
    assert normalise(document(EVERYTHING))["source"]["format"] == EVERYTHING


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("encoding", "utf-9", "not 'utf-9'"),
        ("encoding", "base64", "not 'base64'"),
        ("delimiter", "", "must not be empty"),
        ("delimiter", "a\n", "line end"),
        ("quote", "''", "at most 1"),
        ("quote", "é", "one ASCII character"),
        ("escape", "\n", "one ASCII character"),
        ("remark", "#\n", "line end"),
        ("remark", "#" * 11, "at most 10"),
        ("null_values", "NULL", "must be an array, not a string"),
        ("null_values", ["x"] * 101, "at most 100"),
        ("record_end", "crfl", "did you mean 'crlf'?"),
        ("header_rows", -1, "from 0 to 100"),
        ("header_rows", True, "a whole number"),
        ("malformed_rows", "ignore", "must be one of fail, pad, reject"),
    ],
)
def test_a_wrong_member_is_named_with_its_remedy(name: str, value: object, said: str) -> None:
    found = problems(**{name: value})

    assert list(found) == [f"source.format.{name}"]
    assert said in found[f"source.format.{name}"][0]


@pytest.mark.parametrize(
    "name", ["utf-8-sig", "utf-16", "UTF-32-LE", "cp1250", "shift_jis", "utf-7"]
)
def test_every_text_encoding_of_python_is_taken(name: str) -> None:
    assert normalise(document({"encoding": name}))["source"]["format"]["encoding"] == name


@pytest.mark.parametrize("text", ["", " \t"])
def test_a_text_for_no_value_is_not_blank(text: str) -> None:
    assert list(problems(null_values=["NULL", text])) == ["source.format.null_values.1"]


def test_a_remark_cannot_begin_as_a_row_does() -> None:
    assert problems(remark=";;", delimiter=";") == {
        "source.format.remark": ["must not begin with the delimiter ';'; got ';;'"]
    }
    assert problems(remark="'", quote="'") == {
        "source.format.remark": ['must not begin with the quote "\'"']
    }


def test_a_delimiter_cannot_hold_the_quote() -> None:
    assert problems(delimiter="'|", quote="'") == {
        "source.format.quote": ['must not be in the delimiter "\'|"; got "\'"']
    }
