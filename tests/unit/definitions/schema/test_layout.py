from __future__ import annotations

import pytest

from definitions.errors import InvalidError
from definitions.model import FileFormat, MalformedRows, RecordEnd
from definitions.schema import to_format
from tests.unit.definitions.schema.test_format import EVERYTHING


def problems(given: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidError) as caught:
        to_format(given)
    return {path: list(texts) for path, texts in caught.value.problems.items()}


def test_nothing_said_is_nothing_known() -> None:
    assert to_format({}) == FileFormat()


def test_everything_that_a_definition_may_say_may_be_said_here() -> None:
    found = to_format(EVERYTHING)

    assert (found.delimiter, found.quote, found.escape) == ("||", "'", "\\")
    assert (found.record_end, found.malformed_rows) == (RecordEnd.ANY, MalformedRows.PAD)
    assert found.column_names == ("mail", "name")


def test_every_problem_is_told_under_its_path() -> None:
    found = problems({"delimiter": "", "header_rows": "1", "delimeter": ";"})

    assert sorted(found) == ["format.delimeter", "format.delimiter", "format.header_rows"]
    assert found["format.delimeter"] == ["'delimeter' is no option here; did you mean 'delimiter'?"]


@pytest.mark.parametrize(("given", "kind"), [([], "an array"), (";", "a string"), (None, "null")])
def test_what_is_no_object_says_nothing(given: object, kind: str) -> None:
    assert problems(given) == {"format": [f"must be a JSON object, not {kind}"]}
